package io.facestream.training.data;

import static org.bytedeco.opencv.global.opencv_core.flip;

import io.facestream.faces.FaceAligner;
import io.facestream.frames.Picture;
import io.facestream.photos.Degradation;
import io.facestream.training.commands.Augmentation;
import io.facestream.training.network.NetworkGraph;
import java.util.Random;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/** Draws a random augmentation for a photo and applies it to the middle of its chip. */
public final class Augmenter {
    private static final int MARGIN = (FaceAligner.CHIP_SIZE - NetworkGraph.INPUT_SIDE) / 2;
    private static final int HORIZONTALLY = 1;

    // FaceNet_TF-2.0's range
    private static final double DARKEST = 0.4;
    private static final double BRIGHTEST = 1.8;

    /** Least side in pixels of a far face: 13 px from ear to ear. */
    public static final int SMALLEST = 20;

    /** Greatest side in pixels of a far face: 43 px from ear to ear. */
    public static final int LARGEST = 64;

    private static final double GREATEST_BLUR = 1.5;
    private static final double GREATEST_NOISE = 8;
    private static final int WORST_JPEG = 30;
    private static final int BEST_JPEG = 90;

    private final Augmentation augmentation;

    public Augmenter(Augmentation augmentation) {
        this.augmentation = augmentation;
    }

    /**
     * Writes a photo as the network will see it.
     *
     * @param far whether to show it as a far camera would
     * @param target {@value NetworkGraph#INPUT_SIDE} px wide and high
     */
    public void apply(Picture chip, boolean far, Random random, Mat target) {
        try (Rect place = new Rect(MARGIN, MARGIN, NetworkGraph.INPUT_SIDE, NetworkGraph.INPUT_SIDE);
                Mat middle = chip.rgb().apply(place)) {
            middle.copyTo(target);
        }
        if (augmentation != Augmentation.NONE) {
            target.convertTo(target, -1, DARKEST + (BRIGHTEST - DARKEST) * random.nextDouble(), 0);
            if (random.nextBoolean()) {
                flip(target, target, HORIZONTALLY);
            }
        }
        if (far) {
            degradation(random).apply(target, random);
        }
    }

    private static Degradation degradation(Random random) {
        return new Degradation(
                SMALLEST + random.nextInt(LARGEST - SMALLEST + 1),
                GREATEST_BLUR * random.nextDouble(),
                GREATEST_NOISE * random.nextDouble(),
                WORST_JPEG + random.nextInt(BEST_JPEG - WORST_JPEG + 1));
    }
}
