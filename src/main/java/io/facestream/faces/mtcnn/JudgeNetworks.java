package io.facestream.faces.mtcnn;

import ai.djl.inference.Predictor;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.networks.PixelBatch;

/**
 * R-Net and O-Net of MTCNN, which judge whether a window shows a face, loaded once and shared by the detectors of all
 * threads. Close it after them.
 *
 * <p>Both take RGB: R-Net as {@code uint8 [n, 24, 24, 3]}, O-Net as {@code uint8 [n, 48, 48, 3]}.
 */
public final class JudgeNetworks implements AutoCloseable {
    /** Side in pixels of R-Net's windows. */
    public static final int REFINEMENT_SIDE = 24;

    /** Side in pixels of O-Net's windows. */
    public static final int OUTPUT_SIDE = 48;

    private final Network refinement;
    private final Network output;

    private JudgeNetworks(Network refinement, Network output) {
        this.refinement = refinement;
        this.output = output;
    }

    /**
     * Loads the networks that ship with FaceStream.
     *
     * @throws IllegalStateException if {@code device} is not available
     */
    public static JudgeNetworks load(ComputeDevice device) {
        return new JudgeNetworks(Network.shipped("mtcnn-rnet", device), Network.shipped("mtcnn-onet", device));
    }

    public Predictor<PixelBatch, Answer> newRefinementPredictor() {
        return refinement.newPredictor(new Answer.Translator());
    }

    public Predictor<PixelBatch, Answer> newOutputPredictor() {
        return output.newPredictor(new Answer.Translator());
    }

    @Override
    public void close() {
        refinement.close();
        output.close();
    }
}
