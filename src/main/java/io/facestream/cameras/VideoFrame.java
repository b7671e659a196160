package io.facestream.cameras;

import java.time.Duration;
import java.util.function.Supplier;

/** A decoded frame. Its picture is available until the next frame is read. */
public final class VideoFrame {
    private final Duration at;
    private final boolean damaged;
    private final Supplier<byte[]> picture;

    VideoFrame(Duration at, boolean damaged, Supplier<byte[]> picture) {
        this.at = at;
        this.damaged = damaged;
        this.picture = picture;
    }

    /** The time since the first frame; never less than the previous frame's. */
    public Duration at() {
        return at;
    }

    /** Whether parts of it are missing, broken, or predicted from missing or broken data. */
    public boolean damaged() {
        return damaged;
    }

    /** Encodes the picture, upright, with square pixels; repeated at each call. */
    public byte[] jpeg() {
        return picture.get();
    }
}
