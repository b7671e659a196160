package io.facestream.networks;

import ai.djl.Device;
import ai.djl.engine.Engine;

/** The device that runs networks. */
public enum ComputeDevice {
    /** A GPU if there is one, else the CPU. */
    AUTO,
    CPU,
    /** A GPU. Without one, loading a network fails, instead of running thirty times slower unnoticed. */
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
