package io.facestream.networks;

import ai.djl.Device;
import ai.djl.engine.Engine;

/** Where networks run. */
public enum ComputeDevice {
    /** On a GPU where there is one, else on the CPU. */
    AUTO,
    CPU,
    /** On a GPU; where there is none, loading a network fails rather than run thirty times slower unnoticed. */
    GPU;

    Device in(Engine engine) {
        boolean gpu = this != CPU && engine.hasCapability("CUDA");
        if (this == GPU && !gpu) {
            throw new IllegalStateException("device gpu: no GPU was found; this needs an NVIDIA driver and a build with"
                    + " the Maven profile gpu, or set the device to auto or cpu");
        }
        return gpu ? Device.gpu() : Device.cpu();
    }
}
