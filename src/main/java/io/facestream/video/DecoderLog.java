package io.facestream.video;

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
 * FFmpeg's log for one input. FFmpeg has one log per process, on standard error. This class sends its lines to our log
 * with the input's name, one in ten seconds, and keeps the last line to explain a failure.
 */
final class DecoderLog {
    private static final Logger LOG = Logger.getLogger(DecoderLog.class.getName());
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int MAX_LINE = 300;

    /**
     * The input for which the thread is working. FFmpeg calls back on the calling thread, because decoders here use no
     * threads of their own.
     */
    private static final ThreadLocal<DecoderLog> CURRENT = new ThreadLocal<>();

    /** A strong reference, because FFmpeg has only the address. */
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

    /** Makes this thread work for this input until the scope is closed. */
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
