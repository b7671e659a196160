package io.facestream.video;

import java.time.Duration;

/** A decoded frame. Its pictures are available until the next frame is read. */
public final class VideoFrame {
    private final Duration at;
    private final boolean damaged;
    private final int width;
    private final int height;
    private final Pictures pictures;

    /** Makes pictures of the frame that was read last. */
    interface Pictures {
        byte[] jpeg();

        GreyPicture grey(int longerSide);
    }

    VideoFrame(Duration at, boolean damaged, int width, int height, Pictures pictures) {
        this.at = at;
        this.damaged = damaged;
        this.width = width;
        this.height = height;
        this.pictures = pictures;
    }

    /** The time since the first frame; never less than the previous frame's. */
    public Duration at() {
        return at;
    }

    /** Whether parts of it are missing, broken, or predicted from missing or broken data. */
    public boolean damaged() {
        return damaged;
    }

    /** In the stream's pixels, before turning and stretching. */
    public int width() {
        return width;
    }

    /** In the stream's pixels, before turning and stretching. */
    public int height() {
        return height;
    }

    /** Encodes the picture, upright, with square pixels; repeated at each call. */
    public byte[] jpeg() {
        return pictures.jpeg();
    }

    /**
     * A small grey picture, which costs a small part of {@link #jpeg()}.
     *
     * @param longerSide about the length of its longer side: it is at most 1.5 times as long
     */
    public GreyPicture grey(int longerSide) {
        return pictures.grey(longerSide);
    }
}
