package io.facestream.photos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.faces.FaceAligner;
import io.facestream.frames.Picture;
import java.util.Random;
import java.util.zip.CRC32;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Imitates a far camera on a face's chip. The middle {@value FaceAligner#TEMPLATE_SIZE} px are shrunk by a box filter,
 * blurred (Gaussian, 0.5 px), overlaid with noise (Gaussian, standard deviation 4 of 255), compressed (JPEG, quality
 * 60) and enlarged again (bicubic). The margin stays as it is: networks do not see it.
 *
 * @param smallest pixels, at least 8
 * @param largest pixels, at most {@value FaceAligner#TEMPLATE_SIZE}; a photo's size is drawn evenly from this range
 * @param share share of the photos that are degraded, 0 to 1
 * @param seed seed of the random draws, which otherwise depend only on the photo's label
 */
public record FarCamera(int smallest, int largest, double share, long seed) {
    private static final double BLUR = 0.5;
    private static final double NOISE = 4;
    private static final int JPEG_QUALITY = 60;
    private static final int LEAST_SIZE = 8;

    public FarCamera {
        if (smallest < LEAST_SIZE || largest > FaceAligner.TEMPLATE_SIZE || smallest > largest) {
            throw new IllegalArgumentException("chips are degraded to " + LEAST_SIZE + " to "
                    + FaceAligner.TEMPLATE_SIZE + " px, not " + smallest + " to " + largest);
        }
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("the share of degraded photos is 0 to 1, not " + share);
        }
    }

    /**
     * A copy of a chip, degraded if its photo was drawn for that. The caller closes both.
     *
     * @param photo its label
     */
    public Picture degrade(Picture chip, String photo) {
        int margin = (FaceAligner.CHIP_SIZE - FaceAligner.TEMPLATE_SIZE) / 2;
        Mat degraded = chip.rgb().clone();
        CRC32 hash = new CRC32();
        hash.update(photo.getBytes(UTF_8));
        Random random = new Random(seed * 31 + hash.getValue());
        if (random.nextDouble() >= share) {
            return new Picture(degraded);
        }
        int size = smallest + random.nextInt(largest - smallest + 1);
        try (Rect rectangle = new Rect(margin, margin, FaceAligner.TEMPLATE_SIZE, FaceAligner.TEMPLATE_SIZE);
                Mat middle = degraded.apply(rectangle)) {
            new Degradation(size, BLUR, NOISE, JPEG_QUALITY).apply(middle, random);
        }
        return new Picture(degraded);
    }
}
