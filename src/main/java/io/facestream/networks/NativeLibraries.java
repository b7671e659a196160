package io.facestream.networks;

import ai.djl.engine.Engine;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.internal.c_api.global.tensorflow;

/** TensorFlow's native library, which comes with the class path and is never downloaded. */
public final class NativeLibraries {
    /** DJL's own property: threads that share one operation. TensorFlow has one such pool per process. */
    static final String THREADS = "ai.djl.tensorflow.num_intraop_threads";

    private static boolean started;

    private NativeLibraries() {}

    /**
     * Sets how many threads work on one batch of one network. All networks of the process share them; one per core unless
     * this is called. A process that runs networks on as many threads of its own as it has cores needs but 1.
     *
     * @param threads at least 1
     * @throws IllegalStateException if a network was loaded before, for another number of threads
     */
    public static synchronized void useThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads per network: at least 1, not " + threads);
        }
        if (started && Integer.getInteger(THREADS, 0) != threads) {
            throw new IllegalStateException("threads per network cannot change once a network is loaded");
        }
        System.setProperty(THREADS, Integer.toString(threads));
    }

    /**
     * Starts DJL's TensorFlow engine, unless it runs. DJL looks for its own native archive, which is not on the class path,
     * and would download it; so it is told where JavaCPP has unpacked the one that is, and to stay offline. Its telemetry
     * stays off.
     */
    static synchronized Engine tensorFlow() {
        if (!started) {
            System.setProperty("ai.djl.offline", "true");
            System.setProperty("OPT_OUT_TRACKING", "true");
            String library = Loader.load(tensorflow.class);
            System.setProperty(
                    "TENSORFLOW_LIBRARY_PATH", Path.of(library).getParent().toString());
            started = true;
        }
        return Engine.getEngine("TensorFlow");
    }
}
