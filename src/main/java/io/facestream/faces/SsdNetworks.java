package io.facestream.faces;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslatorContext;
import io.facestream.models.ComputeDevice;
import io.facestream.models.Network;
import io.facestream.models.PixelBatch;

/**
 * The single-shot detector and the landmark network that goes with it, loaded once and shared by the detectors of all
 * threads. Close it after them.
 *
 * <p>Both take RGB squares as {@code uint8 [n, side, side, 3]}.
 */
final class SsdNetworks implements AutoCloseable {
    /** Side in pixels of the squares in which faces are looked for. */
    static final int DETECTION_SIDE = 512;

    /** Side in pixels of the squares, each around a face, in which landmarks are looked for. */
    static final int LANDMARK_SIDE = 112;

    private final Network detection;
    private final Network landmarks;

    private SsdNetworks(Network detection, Network landmarks) {
        this.detection = detection;
        this.landmarks = landmarks;
    }

    /**
     * Loads the networks that ship with FaceStream.
     *
     * @throws IllegalStateException if {@code device} is not there
     */
    static SsdNetworks load(ComputeDevice device) {
        return new SsdNetworks(Network.shipped("ssd", device), Network.shipped("landmarks-68", device));
    }

    Predictor<PixelBatch, Boxes> newDetectionPredictor() {
        return detection.newPredictor(new BoxesTranslator());
    }

    Predictor<PixelBatch, Points> newLandmarkPredictor() {
        return landmarks.newPredictor(new PointsTranslator());
    }

    @Override
    public void close() {
        detection.close();
        landmarks.close();
    }

    /**
     * What the detector says of squares, in their order.
     *
     * @param perSquare boxes that it judges in each
     * @param scores one per box: the probability that a face is there, 0 to 1
     * @param edges four per box: the face's top, left, bottom and right edge, in sides of the square from its top left corner
     */
    @SuppressWarnings("ArrayRecordComponent") // a view of a network's output, never compared
    record Boxes(int perSquare, float[] scores, float[] edges) {
        float score(int square, int i) {
            return scores[square * perSquare + i];
        }

        /** Where the face is in the picture that {@code square} is a part of. */
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

    /**
     * The points of faces, in the order of the squares around them.
     *
     * @param coordinates 136 per face: x and y of each of 68 points, in sides of the square from its top left corner
     */
    @SuppressWarnings("ArrayRecordComponent") // a view of a network's output, never compared
    record Points(float[] coordinates) {
        /**
         * The points that others are found from, as the 300-W challenge numbers them from 0 on (Sagonas et al. 2013); the
         * eye and the corner of the mouth on the picture's left come first, which are the subject's right ones.
         */
        private static final int NOSE_TIP = 30;

        private static final int RIGHT_EYE = 36;
        private static final int LEFT_EYE = 42;
        private static final int RIGHT_MOUTH = 48;
        private static final int LEFT_MOUTH = 54;

        /** Points around an eye. */
        private static final int EYE_POINTS = 6;

        /** The five landmarks in the picture that {@code square} is a part of; an eye is the mean of the points around it. */
        Landmarks landmarks(int face, Box square) {
            return new Landmarks(
                    mean(face, LEFT_EYE, EYE_POINTS, square),
                    mean(face, RIGHT_EYE, EYE_POINTS, square),
                    mean(face, NOSE_TIP, 1, square),
                    mean(face, LEFT_MOUTH, 1, square),
                    mean(face, RIGHT_MOUTH, 1, square));
        }

        private Point mean(int face, int from, int count, Box square) {
            float x = 0;
            float y = 0;
            for (int i = from; i < from + count; i++) {
                x += coordinates[136 * face + 2 * i];
                y += coordinates[136 * face + 2 * i + 1];
            }
            return new Point(square.x() + x / count * square.width(), square.y() + y / count * square.height());
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

    private static final class PointsTranslator extends PixelBatch.Translator<Points> {
        @Override
        public Points processOutput(TranslatorContext context, NDList outputs) {
            return new Points(outputs.get("landmarks").toFloatArray());
        }
    }
}
