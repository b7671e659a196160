package io.facestream.cli.publish;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Opened footage, which yields its frames one after the other. */
public interface FrameSource extends AutoCloseable {
    /**
     * A frame.
     *
     * @param at time since the source's start; empty if the frame was taken at the moment it is read
     * @param image JPEG, PNG or WebP bytes
     * @param name for messages
     * @param damaged whether the decoder could not restore it completely
     */
    public record SourceFrame(Optional<Duration> at, byte[] image, String name, boolean damaged) {
        public SourceFrame(Optional<Duration> at, byte[] image, String name) {
            this(at, image, name, false);
        }
    }

    /**
     * Counts of a source's frames.
     *
     * @param frames frames read so far, whether taken or not
     * @param damaged those of them that are damaged
     */
    record Tally(long frames, long damaged) {
        static final Tally NONE = new Tally(0, 0);

        Tally plus(Tally other) {
            return new Tally(frames + other.frames, damaged + other.damaged);
        }
    }

    /** A frame cannot be published; the next ones still can. */
    final class UnusableFrameException extends IOException {
        UnusableFrameException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The next frame; empty at the end.
     *
     * @throws UnusableFrameException if this frame cannot be read
     * @throws IOException if the source breaks off
     */
    Optional<SourceFrame> next() throws IOException;

    /** The time since its start at which a frame after the last one read would be due, where another round begins. */
    Duration end();

    /** Its counts so far; zero if nothing is decoded. */
    default Tally tally() {
        return Tally.NONE;
    }

    /** Makes a read that waits for a camera fail soon. May be called from any thread. */
    default void interrupt() {}

    @Override
    void close() throws IOException;
}
