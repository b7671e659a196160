package io.facestream.cameras;

import java.time.Duration;
import java.util.function.Supplier;

/** A decoded frame; its picture can be asked for until the next frame is read. */
public final class VideoFrame {
    private final Duration at;
    private final boolean damaged;
    private final Supplier<byte[]> picture;

    VideoFrame(Duration at, boolean damaged, Supplier<byte[]> picture) {
        this.at = at;
        this.damaged = damaged;
        this.picture = picture;
    }

    /** When it was taken, since the first frame; never before the frame before. */
    public Duration at() {
        return at;
    }

    /** Whether parts of it are missing, broken, or predicted from what is. */
    public boolean damaged() {
        return damaged;
    }

    /** Upright, with square pixels; made anew at each call. */
    public byte[] jpeg() {
        return picture.get();
    }
}
