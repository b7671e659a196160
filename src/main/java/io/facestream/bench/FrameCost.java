package io.facestream.bench;

import io.facestream.configuration.Settings;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.faces.FaceFinder;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ShippedModel;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The CPU time that detection and embedding take for a frame, without Kafka. */
final class FrameCost {
    /** Rounds before the one that is measured, in which the networks and Java's compiler warm up. */
    private static final int WARMING = 2;

    private FrameCost() {}

    /**
     * Measured over the whole process, because networks have threads of their own: nothing else may run.
     *
     * @param frames JPEGs
     * @return CPU milliseconds a frame
     */
    static double millis(List<byte[]> frames, Settings settings) throws RejectedException {
        byte[] weights = ShippedModel.weights();
        int side = ShippedModel.version(weights).inputSide();
        PictureDecoder decoder = new PictureDecoder(settings.get(PictureBounds.class));
        try (FaceDetectors detectors = FaceDetectors.load(settings.get(DetectionConfig.class));
                Network network = Network.load(ShippedModel.version(weights).version(), weights, ComputeDevice.AUTO)) {
            long begun = 0;
            for (int round = 0; round <= WARMING; round++) {
                begun = ProcessCpu.nanos();
                BareNetworks.work(
                        frames,
                        new AtomicInteger(),
                        decoder,
                        new FaceFinder(detectors.detector()),
                        network,
                        side,
                        new double[frames.size()]);
            }
            return (ProcessCpu.nanos() - begun) / 1e6 / frames.size();
        }
    }
}
