package io.facestream.detection;

import io.facestream.faces.FaceDetector;
import io.facestream.faces.LandmarkNetwork;
import io.facestream.faces.hog.HogDetector;
import io.facestream.faces.hog.HogFilters;
import io.facestream.faces.hog.HogSettings;
import io.facestream.faces.mtcnn.MtcnnDetector;
import io.facestream.faces.mtcnn.MtcnnNetworks;
import io.facestream.faces.mtcnn.MtcnnSettings;
import io.facestream.faces.rfb.RfbDetector;
import io.facestream.faces.rfb.RfbNetworks;
import io.facestream.faces.rfb.RfbSettings;
import io.facestream.faces.ssd.SsdDetector;
import io.facestream.faces.ssd.SsdNetworks;
import io.facestream.faces.ssd.SsdSettings;
import io.facestream.networks.ComputeDevice;
import java.util.function.Supplier;

/** Loads the configured detector's networks once and creates a detector per thread. */
public final class FaceDetectors implements AutoCloseable {
    private final Supplier<FaceDetector> detectors;
    private final Runnable closing;

    private FaceDetectors(Supplier<FaceDetector> detectors, Runnable closing) {
        this.detectors = detectors;
        this.closing = closing;
    }

    /**
     * @throws IllegalArgumentException if a setting is out of its range
     * @throws IllegalStateException if a GPU is configured but missing, or the detector cannot use one
     */
    public static FaceDetectors load(DetectionConfig config) {
        return load(config.detector(), config);
    }

    /** Like {@link #load(DetectionConfig)}, for another detector than the configured one. */
    public static FaceDetectors load(DetectionConfig.Detector detector, DetectionConfig config) {
        return switch (detector) {
            case RFB -> rfb(config);
            case MTCNN -> mtcnn(config);
            case CNN -> cnn(config);
            case HOG -> hog(config);
        };
    }

    /** Always runs on the CPU, like MTCNN. */
    private static FaceDetectors rfb(DetectionConfig config) {
        refuseGpu("rfb", config);
        RfbSettings settings = RfbSettings.DEFAULT
                .withSmallestFace(config.smallestFace())
                .withProposalThreshold(config.leastProposal().orElse(RfbSettings.DEFAULT.proposalThreshold()))
                .withConfidence(config.leastConfidence().orElse(RfbSettings.DEFAULT.confidence()));
        RfbNetworks networks = RfbNetworks.load(ComputeDevice.CPU);
        return new FaceDetectors(() -> new RfbDetector(networks, settings), networks::close);
    }

    /** Always runs on the CPU: it processes many small batches in sequence and has not been measured on a GPU. */
    private static FaceDetectors mtcnn(DetectionConfig config) {
        refuseGpu("mtcnn", config);
        MtcnnSettings settings = MtcnnSettings.DEFAULT
                .withSmallestFace(config.smallestFace())
                .withOutputThreshold(config.leastConfidence().orElse(MtcnnSettings.DEFAULT.outputThreshold()));
        MtcnnNetworks networks = MtcnnNetworks.load(ComputeDevice.CPU);
        return new FaceDetectors(() -> new MtcnnDetector(networks, settings), networks::close);
    }

    private static FaceDetectors hog(DetectionConfig config) {
        refuseGpu("hog", config);
        HogSettings settings = HogSettings.DEFAULT.withSmallestFace(config.smallestFace());
        HogFilters filters = HogFilters.load();
        LandmarkNetwork landmarks = LandmarkNetwork.load(ComputeDevice.CPU);
        return new FaceDetectors(() -> new HogDetector(filters, landmarks, settings), () -> {
            filters.close();
            landmarks.close();
        });
    }

    private static void refuseGpu(String detector, DetectionConfig config) {
        if (config.device() == ComputeDevice.GPU) {
            throw new IllegalStateException("facestream.detection.device=gpu: " + detector
                    + " runs on the CPU; set facestream.detection.detector=cnn, or the device to auto or cpu");
        }
    }

    private static FaceDetectors cnn(DetectionConfig config) {
        SsdSettings settings = new SsdSettings(
                config.smallestFace(), config.leastConfidence().orElse(SsdSettings.DEFAULT.threshold()));
        SsdNetworks networks = SsdNetworks.load(config.device());
        return new FaceDetectors(() -> new SsdDetector(networks, settings), networks::close);
    }

    /** A detector for one thread. */
    public FaceDetector detector() {
        return detectors.get();
    }

    /** Close after its detectors. */
    @Override
    public void close() {
        closing.run();
    }
}
