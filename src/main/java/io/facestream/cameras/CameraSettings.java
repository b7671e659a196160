package io.facestream.cameras;

import io.facestream.video.VideoInput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What all cameras of a process have in common; {@link CamerasConfig} explains each.
 *
 * @param folder of {@code file:} cameras
 * @param secrets folder of logins
 */
public record CameraSettings(
        Optional<Path> folder,
        Optional<Path> secrets,
        Duration hold,
        Duration absence,
        Duration frozenAfter,
        Duration silentAfter) {
    static CameraSettings of(CamerasConfig config) {
        return new CameraSettings(
                config.folder(),
                config.secrets(),
                config.hold(),
                config.absence(),
                config.frozenAfter(),
                config.silentAfter());
    }

    /**
     * What FFmpeg is to open for a camera.
     *
     * @throws IOException in one line, without any login, if its file or its secret cannot be used
     */
    VideoInput input(CameraDefinition definition) throws IOException {
        CameraAddress address = definition.address();
        if (address instanceof CameraAddress.Webcam webcam) {
            return VideoInput.webcam(webcam.number());
        }
        if (address instanceof CameraAddress.Recording recording) {
            return VideoInput.file(recording.below(folder));
        }
        CameraAddress.Stream stream = (CameraAddress.Stream) address;
        Optional<CameraSecret> secret = definition.secret() == null
                ? Optional.empty()
                : Optional.of(CameraSecret.read(secrets, definition.secret()));
        try {
            return VideoInput.stream(stream.with(secret), definition.fps());
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
