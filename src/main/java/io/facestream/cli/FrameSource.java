package io.facestream.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Where published frames come from. */
interface FrameSource extends AutoCloseable {
    /**
     * A frame.
     *
     * @param at since the source's start
     * @param image JPEG, PNG or WebP bytes
     * @param name for messages
     */
    record SourceFrame(Duration at, byte[] image, String name) {}

    /** The next frame; empty at the end. */
    Optional<SourceFrame> next() throws IOException, InterruptedException;

    /** Whether frames come when they come, as from a camera, and not when they are asked for. */
    boolean live();

    @Override
    void close() throws IOException;
}
