package io.facestream.networks;

import ai.djl.engine.Engine;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.internal.c_api.global.tensorflow;

/** TensorFlow's native library, which is on the class path and never downloaded. */
public final class NativeLibraries {
    private static boolean started;

    private NativeLibraries() {}

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
