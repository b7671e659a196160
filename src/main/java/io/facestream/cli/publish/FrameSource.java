package io.facestream.cli.publish;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Opened footage: its frames, one after the other. */
public interface FrameSource extends AutoCloseable {
    /**
     * A frame.
     *
     * @param at since the source's start; empty where the frame is of the moment it is read at
     * @param image JPEG, PNG or WebP bytes
     * @param name for messages
     * @param damaged whether the decoder could not make it whole
     */
    public record SourceFrame(Optional<Duration> at, byte[] image, String name, boolean damaged) {
        public SourceFrame(Optional<Duration> at, byte[] image, String name) {
            this(at, image, name, false);
        }
    }

    /**
     * What came out of a source.
     *
     * @param frames read so far, whether they were taken or not
     * @param damaged of these, those that are not whole
     */
    record Tally(long frames, long damaged) {
        static final Tally NONE = new Tally(0, 0);

        Tally plus(Tally other) {
            return new Tally(frames + other.frames, damaged + other.damaged);
        }
    }

    /** A frame that cannot be published, which does not keep the next ones from it. */
    final class UnusableFrameException extends IOException {
        UnusableFrameException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The next frame; empty at the end.
     *
     * @throws UnusableFrameException if that one cannot be had
     * @throws IOException if the source breaks off
     */
    Optional<SourceFrame> next() throws IOException;

    /** When, since its start, a frame after the last one read would be due: where another round begins. */
    Duration end();

    /** What came out of it so far; nothing where nobody decodes. */
    default Tally tally() {
        return Tally.NONE;
    }

    /** Makes a reading that waits for a camera fail soon; from any thread. */
    default void interrupt() {}

    @Override
    void close() throws IOException;
}
