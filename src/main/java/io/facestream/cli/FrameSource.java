package io.facestream.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Opened footage: its frames, one after the other. */
interface FrameSource extends AutoCloseable {
    /**
     * A frame.
     *
     * @param at since the source's start; empty where the frame is of the moment it is read at
     * @param image JPEG, PNG or WebP bytes
     * @param name for messages
     */
    record SourceFrame(Optional<Duration> at, byte[] image, String name) {}

    /** The next frame; empty at the end. */
    Optional<SourceFrame> next() throws IOException;

    /** When, since its start, a frame after the last one read would be due: where another round begins. */
    Duration end();

    @Override
    void close() throws IOException;
}
