package io.facestream.faces;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslatorContext;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.networks.PixelBatch;

/**
 * The network that finds 68 points in a face, for detectors without landmarks. Loaded once and shared by the finders of
 * all threads; close it after them.
 *
 * <p>It takes RGB squares as {@code uint8 [n, 112, 112, 3]}.
 */
public final class LandmarkNetwork implements AutoCloseable {
    /** Side in pixels of the square around a face in which landmarks are searched. */
    static final int SIDE = 112;

    private final Network network;

    private LandmarkNetwork(Network network) {
        this.network = network;
    }

    /**
     * Loads the network that ships with FaceStream.
     *
     * @throws IllegalStateException if {@code device} is not available
     */
    public static LandmarkNetwork load(ComputeDevice device) {
        return new LandmarkNetwork(Network.shipped("landmarks-68", device));
    }

    public Predictor<PixelBatch, Points> newPredictor() {
        return network.newPredictor(new PointsTranslator());
    }

    @Override
    public void close() {
        network.close();
    }

    /**
     * The points of faces, in the order of the squares around them.
     *
     * @param coordinates 136 per face: x and y of each of 68 points, in sides of the square from its top left corner
     */
    @SuppressWarnings("ArrayRecordComponent") // a view of a network's output, never compared
    public record Points(float[] coordinates) {
        /**
         * The points from which the five landmarks are computed, numbered from 0 as in the 300-W challenge (Sagonas et
         * al. 2013). The eye and the mouth corner on the picture's left come first; they are the subject's right ones.
         */
        private static final int NOSE_TIP = 30;

        private static final int RIGHT_EYE = 36;
        private static final int LEFT_EYE = 42;
        private static final int RIGHT_MOUTH = 48;
        private static final int LEFT_MOUTH = 54;

        /** Points around an eye. */
        private static final int EYE_POINTS = 6;

        /** The five landmarks in pixels of the picture; an eye is the mean of the points around it. */
        public Landmarks landmarks(int face, Box square) {
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

    private static final class PointsTranslator extends PixelBatch.Translator<Points> {
        @Override
        public Points processOutput(TranslatorContext context, NDList outputs) {
            return new Points(outputs.get("landmarks").toFloatArray());
        }
    }
}
