package io.facestream.faces.mtcnn;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.TranslatorContext;
import io.facestream.faces.Box;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.networks.PixelBatch;

/**
 * The three networks of MTCNN, loaded once and shared by the detectors of all threads. Close it after them.
 *
 * <p>All take RGB as {@code uint8 [n, height, width, 3]}. P-Net takes any height and width and judges a window of 12x12
 * every 2 px; R-Net takes 24x24, O-Net 48x48.
 */
public final class MtcnnNetworks implements AutoCloseable {
    private final Network proposal;
    private final Network refinement;
    private final Network output;

    private MtcnnNetworks(Network proposal, Network refinement, Network output) {
        this.proposal = proposal;
        this.refinement = refinement;
        this.output = output;
    }

    /**
     * Loads the networks that ship with FaceStream.
     *
     * @throws IllegalStateException if {@code device} is not available
     */
    public static MtcnnNetworks load(ComputeDevice device) {
        return new MtcnnNetworks(
                Network.shipped("mtcnn-pnet", device),
                Network.shipped("mtcnn-rnet", device),
                Network.shipped("mtcnn-onet", device));
    }

    Predictor<PixelBatch, Answer> newProposalPredictor() {
        return proposal.newPredictor(new AnswerTranslator());
    }

    Predictor<PixelBatch, Answer> newRefinementPredictor() {
        return refinement.newPredictor(new AnswerTranslator());
    }

    Predictor<PixelBatch, Answer> newOutputPredictor() {
        return output.newPredictor(new AnswerTranslator());
    }

    @Override
    public void close() {
        proposal.close();
        refinement.close();
        output.close();
    }

    /**
     * A network's answer for windows, in their order.
     *
     * @param columns windows per row of the picture (P-Net); 1 for the others
     * @param probabilities two per window: of background and of face, 0 to 1
     * @param offsets four per window: offsets of the face's left, top, right and bottom edge from the window's,
     *     rightwards and downwards, in window widths and heights
     * @param points ten per window of O-Net: five x, then five y, in window widths and heights from its top left
     *     corner; the eye on the picture's left comes first. Empty for the other networks
     */
    @SuppressWarnings("ArrayRecordComponent") // a view of a network's output, never compared
    record Answer(int columns, float[] probabilities, float[] offsets, float[] points) {
        /** The index of each of the five points in the mirror image: eyes and mouth corners are swapped. */
        private static final int[] MIRRORED = {1, 0, 2, 4, 3};

        int count() {
            return probabilities.length / 2;
        }

        float probability(int window) {
            return probabilities[2 * window + 1];
        }

        float offset(int window, int edge) {
            return offsets[4 * window + edge];
        }

        /** The landmarks in pixels of the picture; null if the network has none. */
        Landmarks landmarks(int window, Box box) {
            return points.length == 0
                    ? null
                    : new Landmarks(
                            point(window, 1, box),
                            point(window, 0, box),
                            point(window, 2, box),
                            point(window, 4, box),
                            point(window, 3, box));
        }

        /** One window's answer, averaged with that of its mirror image. */
        Answer withMirrorImage(int window, int mirrored, float probability) {
            float[] edges = {
                (offset(window, 0) - offset(mirrored, 2)) / 2,
                (offset(window, 1) + offset(mirrored, 1)) / 2,
                (offset(window, 2) - offset(mirrored, 0)) / 2,
                (offset(window, 3) + offset(mirrored, 3)) / 2
            };
            float[] means = new float[10];
            for (int i = 0; i < MIRRORED.length; i++) {
                means[i] = (points[10 * window + i] + 1 - points[10 * mirrored + MIRRORED[i]]) / 2;
                means[5 + i] = (points[10 * window + 5 + i] + points[10 * mirrored + 5 + MIRRORED[i]]) / 2;
            }
            return new Answer(1, new float[] {1 - probability, probability}, edges, means);
        }

        private Point point(int window, int i, Box box) {
            return new Point(
                    box.x() + points[10 * window + i] * box.width(),
                    box.y() + points[10 * window + 5 + i] * box.height());
        }
    }

    private static final class AnswerTranslator extends PixelBatch.Translator<Answer> {
        @Override
        public Answer processOutput(TranslatorContext context, NDList outputs) {
            NDArray probabilities = outputs.get("probabilities");
            NDArray landmarks = outputs.get("landmarks");
            Shape shape = probabilities.getShape();
            return new Answer(
                    shape.dimension() == 4 ? (int) shape.get(2) : 1,
                    probabilities.toFloatArray(),
                    outputs.get("offsets").toFloatArray(),
                    landmarks == null ? new float[0] : landmarks.toFloatArray());
        }
    }
}
