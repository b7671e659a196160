package io.facestream.cameras;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.setLogCallback;

import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.javacpp.BytePointer;

/**
 * What FFmpeg says while it works on one input. FFmpeg has one log for the whole process, and writes it to stderr;
 * here each line goes to our log with the input's name, one in ten seconds, and the last one is kept for whoever has
 * to explain a failure.
 */
final class DecoderLog {
    private static final Logger LOG = Logger.getLogger(DecoderLog.class.getName());
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int MAX_LINE = 300;

    /**
     * Whose work the thread is doing. FFmpeg calls back on the thread that called it, since decoders here have no
     * threads.
     */
    private static final ThreadLocal<DecoderLog> CURRENT = new ThreadLocal<>();

    /** Held, since FFmpeg has only its address. */
    private static final LogCallback CALLBACK = new LogCallback() {
        @Override
        public void call(int level, BytePointer line) {
            DecoderLog current = CURRENT.get();
            if (current != null && level <= AV_LOG_ERROR) {
                current.take(line.getString());
            }
        }
    };

    static {
        av_log_set_level(AV_LOG_ERROR);
        setLogCallback(CALLBACK);
    }

    private final String name;
    private String last;
    private long lines;
    private long errors;
    private boolean opened;
    private long nextNanos = System.nanoTime();

    DecoderLog(String name) {
        this.name = name;
    }

    /** From now on this thread works for this input, until the scope is closed. */
    Scope enter() {
        DecoderLog before = CURRENT.get();
        CURRENT.set(this);
        return () -> CURRENT.set(before);
    }

    /** See {@link #enter()}. */
    interface Scope extends AutoCloseable {
        @Override
        void close();
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
            LOG.log(Level.WARNING, "{0}: FFmpeg says: {1}{2}", new Object[] {
                name, last, lines > 1 ? " (and " + (lines - 1) + " lines before it)" : ""
            });
            lines = 0;
        }
    }

    /** The input is open: why it cannot be opened is said by who tries; from now on it is the log's. */
    void opened() {
        opened = true;
        last = null;
    }

    /** How many errors FFmpeg has told of. */
    long errors() {
        return errors;
    }

    /** The last error that FFmpeg told of since this was asked for, without the address of its part. */
    Optional<String> takeLast() {
        String line = last;
        last = null;
        return Optional.ofNullable(line);
    }
}
