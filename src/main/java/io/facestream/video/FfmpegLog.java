package io.facestream.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.setLogCallback;

import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.javacpp.BytePointer;

/**
 * FFmpeg's log, of which a process has one, on standard error. Here its errors go to whoever takes those of the thread
 * that FFmpeg works on, else nowhere: by themselves they name neither the file nor a remedy. Nobody else may set its
 * level.
 */
public final class FfmpegLog {
    /** FFmpeg calls back on the calling thread, because decoders here use no threads of their own. */
    private static final ThreadLocal<Consumer<String>> TAKER = new ThreadLocal<>();

    /** A strong reference, because FFmpeg has only the address. */
    private static final LogCallback CALLBACK = new LogCallback() {
        @Override
        public void call(int level, BytePointer line) {
            Consumer<String> taker = TAKER.get();
            if (taker != null && level <= AV_LOG_ERROR) {
                taker.accept(line.getString());
            }
        }
    };

    static {
        av_log_set_level(AV_LOG_ERROR);
        setLogCallback(CALLBACK);
    }

    private FfmpegLog() {}

    /** Until it is closed, a thread's errors go to its taker; then to the one before. */
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** @param taker gets each error of this thread; null if nobody does */
    public static Scope to(Consumer<String> taker) {
        Consumer<String> before = TAKER.get();
        TAKER.set(taker);
        return () -> TAKER.set(before);
    }
}
