package io.facestream.video;

import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * FFmpeg's log for one input: its lines go to our log with the input's name, one in ten seconds, and the last one is
 * kept to explain a failure.
 */
final class DecoderLog {
    private static final Logger LOG = Logger.getLogger(DecoderLog.class.getName());
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int MAX_LINE = 300;

    private final String name;
    private String last;
    private long lines;
    private long errors;
    private boolean opened;
    private long nextNanos = System.nanoTime();

    DecoderLog(String name) {
        this.name = name;
    }

    /** Until the scope is closed, this thread works for this input. */
    FfmpegLog.Scope enter() {
        return FfmpegLog.to(this::take);
    }

    private void take(String raw) {
        String line = StreamAddress.withoutUser(raw.strip().replaceFirst(" @ 0x[0-9a-f]+]", "]"));
        if (line.isEmpty()) {
            return;
        }
        last = line.length() > MAX_LINE ? line.substring(0, MAX_LINE) : line;
        errors++;
        if (!opened) {
            return;
        }
        lines++;
        if (System.nanoTime() - nextNanos >= 0) {
            nextNanos = System.nanoTime() + INTERVAL_NANOS;
            LOG.log(Level.WARNING, "{0}: FFmpeg reports: {1}{2}", new Object[] {
                name, last, lines > 1 ? " (and " + (lines - 1) + " lines before it)" : ""
            });
            lines = 0;
        }
    }

    /** Notes that the input is open. Earlier errors are reported by the caller; later ones go to the log. */
    void opened() {
        opened = true;
        last = null;
    }

    /** The number of errors that FFmpeg has logged. */
    long errors() {
        return errors;
    }

    /** The last error that FFmpeg has logged since the previous call, without the address of the component. */
    Optional<String> takeLast() {
        String line = last;
        last = null;
        return Optional.ofNullable(line);
    }
}
