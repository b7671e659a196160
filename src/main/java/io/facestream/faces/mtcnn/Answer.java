package io.facestream.faces.mtcnn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.TranslatorContext;
import io.facestream.faces.Box;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.networks.PixelBatch;
import java.util.Optional;

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
public record Answer(int columns, float[] probabilities, float[] offsets, float[] points) {
    /** The index of each of the five points in the mirror image: eyes and mouth corners are swapped. */
    private static final int[] MIRRORED = {1, 0, 2, 4, 3};

    /** Bounds a look's probability, so that no single look decides alone. */
    private static final double LEAST_PROBABILITY = 1e-6;

    public float probability(int window) {
        return probabilities[2 * window + 1];
    }

    public float offset(int window, int edge) {
        return offsets[4 * window + edge];
    }

    /**
     * The face's edges in pixels of the picture, which they may leave; empty if they are impossible.
     *
     * @param box the window in pixels of the picture
     */
    public Optional<Box> face(int window, Box box, int pictureWidth, int pictureHeight) {
        float left = box.x() + offset(window, 0) * box.width();
        float top = box.y() + offset(window, 1) * box.height();
        float right = box.x() + box.width() + offset(window, 2) * box.width();
        float bottom = box.y() + box.height() + offset(window, 3) * box.height();
        int longestSide = 2 * Math.max(pictureWidth, pictureHeight);
        boolean sized = right - left >= 1 && bottom - top >= 1 && Math.max(right - left, bottom - top) <= longestSide;
        boolean inPicture = right > 0 && bottom > 0 && left < pictureWidth && top < pictureHeight;
        return sized && inPicture ? Optional.of(new Box(left, top, right - left, bottom - top)) : Optional.empty();
    }

    /**
     * Averages the log odds of several looks at a window, so that a confident look outweighs an uncertain one.
     *
     * @param looks probabilities of a face
     */
    public static float together(float... looks) {
        double logOdds = 0;
        for (float probability : looks) {
            double bounded = Math.max(LEAST_PROBABILITY, Math.min(1 - LEAST_PROBABILITY, probability));
            logOdds += Math.log(bounded / (1 - bounded)) / looks.length;
        }
        return (float) (1 / (1 + Math.exp(-logOdds)));
    }

    /** The landmarks in pixels of the picture; null if the network has none. */
    public Landmarks landmarks(int window, Box box) {
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
    public Answer withMirrorImage(int window, int mirrored, float probability) {
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
                box.x() + points[10 * window + i] * box.width(), box.y() + points[10 * window + 5 + i] * box.height());
    }

    /** Feeds windows to a network of the cascade. */
    static final class Translator extends PixelBatch.Translator<Answer> {
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
