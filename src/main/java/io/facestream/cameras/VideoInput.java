package io.facestream.cameras;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An input for FFmpeg and how to open it.
 *
 * @param location in FFmpeg's form; may contain a password
 * @param format the demuxer; empty if FFmpeg detects it
 * @param options for the demuxer and the protocol
 * @param name for messages, without a password
 * @param live whether frames arrive in real time
 */
public record VideoInput(
        String location, Optional<String> format, Map<String, String> options, String name, boolean live) {
    private static final String TIMEOUT_MICROS = "10000000";

    public VideoInput {
        options = Map.copyOf(options);
    }

    /** A file. Whatever it contains, no other file and no network connection is opened. */
    public static VideoInput file(Path file) {
        // With the prefix, FFmpeg does not take a colon in the name for a protocol.
        return new VideoInput(
                "file:" + file, Optional.empty(), Map.of("protocol_whitelist", "file"), file.toString(), false);
    }

    public static VideoInput stream(StreamAddress address) {
        Map<String, String> options = address.isRtsp()
                ? Map.of(
                        // UDP loses packets.
                        "rtsp_transport", "tcp",
                        "timeout", TIMEOUT_MICROS,
                        "allowed_media_types", "video",
                        // Frames read to guess the rate would be delivered late and all at once.
                        "fpsprobesize", "0")
                : Map.of(
                        "rw_timeout", TIMEOUT_MICROS,
                        // A camera's answer must not lead to files or other protocols.
                        "protocol_whitelist", "http,https,tcp,tls",
                        "fpsprobesize", "0");
        return new VideoInput(address.location(), Optional.empty(), options, address.toString(), true);
    }

    /** @param number of the camera, 0 for the first */
    public static VideoInput webcam(int number) {
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        String device = mac ? Integer.toString(number) : "/dev/video" + number;
        return new VideoInput(
                device,
                Optional.of(mac ? "avfoundation" : "v4l2"),
                Map.of(),
                "webcam:" + number + " (" + device + ")",
                true);
    }

    /** The name, because the location may contain a password. */
    @Override
    public String toString() {
        return name;
    }
}
