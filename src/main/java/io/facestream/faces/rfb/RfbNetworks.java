package io.facestream.faces.rfb;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslatorContext;
import io.facestream.faces.mtcnn.JudgeNetworks;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.networks.PixelBatch;

/**
 * The network that proposes faces, and those that judge them, loaded once and shared by the detectors of all threads.
 * Close it after them.
 *
 * <p>The proposing network is RFB-320 of Linzaer's Ultra-Light-Fast-Generic-Face-Detector-1MB. It takes RGB as {@code
 * uint8 [1, height, width, 3]}, of any height and width.
 */
public final class RfbNetworks implements AutoCloseable {
    private final Network proposal;
    private final JudgeNetworks judges;

    private RfbNetworks(Network proposal, JudgeNetworks judges) {
        this.proposal = proposal;
        this.judges = judges;
    }

    /**
     * Loads the networks that ship with FaceStream.
     *
     * @throws IllegalStateException if {@code device} is not available
     */
    public static RfbNetworks load(ComputeDevice device) {
        return new RfbNetworks(Network.shipped("rfb", device), JudgeNetworks.load(device));
    }

    Predictor<PixelBatch, Anchors> newProposalPredictor() {
        return proposal.newPredictor(new AnchorsTranslator());
    }

    JudgeNetworks judges() {
        return judges;
    }

    @Override
    public void close() {
        proposal.close();
        judges.close();
    }

    private static final class AnchorsTranslator extends PixelBatch.Translator<Anchors> {
        @Override
        public Anchors processOutput(TranslatorContext context, NDList outputs) {
            return new Anchors(
                    outputs.get("scores").toFloatArray(), outputs.get("offsets").toFloatArray());
        }
    }
}
