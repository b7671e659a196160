package io.facestream.faces.mtcnn;

import ai.djl.inference.Predictor;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.networks.PixelBatch;

/**
 * The three networks of MTCNN, loaded once and shared by the detectors of all threads. Close it after them.
 *
 * <p>P-Net takes RGB as {@code uint8 [n, height, width, 3]}, of any height and width, and judges a window of 12x12
 * every 2 px. {@link JudgeNetworks} are the other two.
 */
public final class MtcnnNetworks implements AutoCloseable {
    private final Network proposal;
    private final JudgeNetworks judges;

    private MtcnnNetworks(Network proposal, JudgeNetworks judges) {
        this.proposal = proposal;
        this.judges = judges;
    }

    /**
     * Loads the networks that ship with FaceStream.
     *
     * @throws IllegalStateException if {@code device} is not available
     */
    public static MtcnnNetworks load(ComputeDevice device) {
        return new MtcnnNetworks(Network.shipped("mtcnn-pnet", device), JudgeNetworks.load(device));
    }

    Predictor<PixelBatch, Answer> newProposalPredictor() {
        return proposal.newPredictor(new Answer.Translator());
    }

    JudgeNetworks judges() {
        return judges;
    }

    @Override
    public void close() {
        proposal.close();
        judges.close();
    }
}
