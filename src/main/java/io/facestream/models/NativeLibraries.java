package io.facestream.models;

import ai.djl.engine.Engine;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.internal.c_api.global.tensorflow;

/** TensorFlow's native library, which comes with the class path and is never downloaded. */
final class NativeLibraries {
    private NativeLibraries() {}

    /**
     * Starts DJL's TensorFlow engine. DJL looks for its own native archive, which is not on the class path, and would
     * download it; so it is told where JavaCPP has unpacked the one that is, and to stay offline. Its telemetry stays off.
     */
    static Engine tensorFlow() {
        return Holder.ENGINE;
    }

    private static final class Holder {
        static final Engine ENGINE = start();

        private static Engine start() {
            System.setProperty("ai.djl.offline", "true");
            System.setProperty("OPT_OUT_TRACKING", "true");
            String library = Loader.load(tensorflow.class);
            System.setProperty("TENSORFLOW_LIBRARY_PATH", library.substring(0, library.lastIndexOf('/')));
            return Engine.getEngine("TensorFlow");
        }
    }
}
