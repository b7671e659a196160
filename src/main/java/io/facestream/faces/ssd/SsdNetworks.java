package io.facestream.faces.ssd;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslatorContext;
import io.facestream.faces.Box;
import io.facestream.faces.LandmarkNetwork;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.networks.PixelBatch;

/**
 * The single-shot detector and the landmark network that goes with it, loaded once and shared by the detectors of all
 * threads. Close it after them.
 *
 * <p>The detector takes RGB squares as {@code uint8 [n, 512, 512, 3]}.
 */
public final class SsdNetworks implements AutoCloseable {
    /** Side in pixels of the squares in which faces are searched. */
    static final int DETECTION_SIDE = 512;

    private final Network detection;
    private final LandmarkNetwork landmarks;

    private SsdNetworks(Network detection, LandmarkNetwork landmarks) {
        this.detection = detection;
        this.landmarks = landmarks;
    }

    /**
     * Loads the networks that ship with FaceStream.
     *
     * @throws IllegalStateException if {@code device} is not available
     */
    public static SsdNetworks load(ComputeDevice device) {
        return new SsdNetworks(Network.shipped("ssd", device), LandmarkNetwork.load(device));
    }

    Predictor<PixelBatch, Boxes> newDetectionPredictor() {
        return detection.newPredictor(new BoxesTranslator());
    }

    LandmarkNetwork landmarks() {
        return landmarks;
    }

    @Override
    public void close() {
        detection.close();
        landmarks.close();
    }

    /**
     * The detector's answer for squares, in their order.
     *
     * @param perSquare boxes judged per square
     * @param scores one per box: the probability that a face is there, 0 to 1
     * @param edges four per box: the face's top, left, bottom and right edge, in sides of the square from its top left
     *     corner
     */
    @SuppressWarnings("ArrayRecordComponent") // a view of a network's output, never compared
    record Boxes(int perSquare, float[] scores, float[] edges) {
        float score(int square, int i) {
            return scores[square * perSquare + i];
        }

        /** The face's box in pixels of the picture that contains {@code square}. */
        Box box(int index, int i, Box square) {
            int first = 4 * (index * perSquare + i);
            float top = edges[first];
            float left = edges[first + 1];
            return new Box(
                    square.x() + left * square.width(),
                    square.y() + top * square.height(),
                    (edges[first + 3] - left) * square.width(),
                    (edges[first + 2] - top) * square.height());
        }
    }

    private static final class BoxesTranslator extends PixelBatch.Translator<Boxes> {
        @Override
        public Boxes processOutput(TranslatorContext context, NDList outputs) {
            NDArray scores = outputs.get("scores");
            int perSquare = (int) scores.getShape().get(1);
            return new Boxes(
                    perSquare, scores.toFloatArray(), outputs.get("boxes").toFloatArray());
        }
    }
}
