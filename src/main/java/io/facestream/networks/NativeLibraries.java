package io.facestream.networks;

import ai.djl.engine.Engine;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.internal.c_api.global.tensorflow;

/** TensorFlow's native library, which is on the class path and never downloaded. */
public final class NativeLibraries {
    /** DJL's own property: threads that share one operation. TensorFlow has one such pool per process. */
    static final String THREADS = "ai.djl.tensorflow.num_intraop_threads";

    private static boolean started;

    private NativeLibraries() {}

    /**
     * Sets the number of threads for one batch of one network. All networks of the process share them; the default is
     * one per core. A process that already runs networks on one thread per core needs only 1.
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
     * Starts DJL's TensorFlow engine, unless it is running. DJL would download its own native archive, which is not on
     * the class path. Therefore it is pointed to the library that JavaCPP has unpacked and switched to offline mode.
     * Its telemetry is switched off.
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
