package io.facestream.faces;

import io.facestream.models.ComputeDevice;

/** The configured detector's networks, loaded once, and as many detectors on them as there are threads. */
public final class FaceDetectors implements AutoCloseable {
    private final MtcnnNetworks networks;
    private final MtcnnSettings settings;

    private FaceDetectors(MtcnnNetworks networks, MtcnnSettings settings) {
        this.networks = networks;
        this.settings = settings;
    }

    /** @throws IllegalArgumentException if a setting is out of its range */
    public static FaceDetectors load(DetectionConfig config) {
        MtcnnSettings settings = MtcnnSettings.DEFAULT.withSmallestFace(config.smallestFace());
        return new FaceDetectors(MtcnnNetworks.load(ComputeDevice.CPU), settings);
    }

    /** A detector for one thread. */
    public FaceDetector detector() {
        return new MtcnnDetector(networks, settings);
    }

    /** After its detectors. */
    @Override
    public void close() {
        networks.close();
    }
}
