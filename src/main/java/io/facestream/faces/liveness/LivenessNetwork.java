package io.facestream.faces.liveness;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslatorContext;
import io.facestream.faces.Box;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.networks.PixelBatch;

/**
 * The network that tells faces from pictures of faces, on paper or on a screen: a MiniFASNet of undocumented origin.
 * Loaded once and shared by the scorers of all threads; close it after them.
 *
 * <p>It takes a face and what is around it, RGB, as {@code uint8 [n, 128, 128, 3]}.
 */
public final class LivenessNetwork implements AutoCloseable {
    /** Side in pixels of what the network is shown. */
    static final int SIDE = 128;

    /** How much wider and higher than a face's box the part is that the network is shown. */
    static final double AROUND = 2.7;

    private final Network network;

    private LivenessNetwork(Network network) {
        this.network = network;
    }

    /**
     * Loads the network that ships with FaceStream.
     *
     * @throws IllegalStateException if {@code device} is not available
     */
    public static LivenessNetwork load(ComputeDevice device) {
        return new LivenessNetwork(Network.shipped("liveness", device));
    }

    Predictor<PixelBatch, Classes> newPredictor() {
        return network.newPredictor(new ClassesTranslator());
    }

    /**
     * Whether a face is near enough for its score to mean something, and all that the network is to be shown of it lies
     * in the picture. If not, scorers show it what lies beside that instead.
     *
     * @param face the detector's box in the picture
     * @param leastWidth of that box, in pixels
     */
    public static boolean isNear(Box face, Picture picture, int leastWidth) {
        double beside = (AROUND - 1) / 2 * face.width();
        double above = (AROUND - 1) / 2 * face.height();
        return face.width() >= leastWidth
                && face.x() >= beside
                && face.y() >= above
                && face.x() + face.width() + beside <= picture.width()
                && face.y() + face.height() + above <= picture.height();
    }

    @Override
    public void close() {
        network.close();
    }

    /**
     * What the network says of faces, in their order.
     *
     * @param probabilities {@value #EACH} of each face: that it is live, or one of two kinds of pictures of a face
     */
    @SuppressWarnings("ArrayRecordComponent") // a view of a network's output, never compared
    record Classes(float[] probabilities) {
        static final int EACH = 3;

        float live(int face) {
            return probabilities[face * EACH];
        }
    }

    private static final class ClassesTranslator extends PixelBatch.Translator<Classes> {
        @Override
        public Classes processOutput(TranslatorContext context, NDList outputs) {
            return new Classes(outputs.get("classes").toFloatArray());
        }
    }
}
