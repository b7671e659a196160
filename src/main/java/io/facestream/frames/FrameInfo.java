package io.facestream.frames;

import io.facestream.messaging.RecordPointer;
import java.time.Instant;
import java.util.Objects;

/**
 * The facts about a frame that each of its events repeats.
 *
 * @param id unique per source
 * @param source the CloudEvents source of the frame, a URI reference
 * @param camera the camera's name
 * @param capturedAt by the camera's clock, else when the broker appended the record
 * @param appendedAt by the broker's clock
 * @param width of the upright picture, in pixels
 * @param height of the upright picture, in pixels
 * @param pointer the place of the frame's record
 * @param damaged true if parts of the picture were lost and filled in by a decoder; else null
 */
public record FrameInfo(
        String id,
        String source,
        String camera,
        Instant capturedAt,
        Instant appendedAt,
        int width,
        int height,
        RecordPointer pointer,
        Boolean damaged) {
    public FrameInfo {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(camera, "camera");
        Objects.requireNonNull(capturedAt, "capturedAt");
        Objects.requireNonNull(appendedAt, "appendedAt");
        Objects.requireNonNull(pointer, "pointer");
        damaged = Boolean.TRUE.equals(damaged) ? true : null;
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a frame must be at least 1x1 pixels, not " + width + "x" + height);
        }
    }

    public static FrameInfo of(CameraFrame frame, Picture picture) {
        return new FrameInfo(
                frame.id(),
                frame.source().toString(),
                frame.camera(),
                frame.capturedAt(),
                frame.appendedAt(),
                picture.width(),
                picture.height(),
                frame.pointer(),
                frame.damaged() || picture.damaged());
    }
}
