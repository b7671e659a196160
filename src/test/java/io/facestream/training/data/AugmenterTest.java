package io.facestream.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.flip;

import io.facestream.SyntheticPictures;
import io.facestream.frames.Picture;
import io.facestream.training.commands.Augmentation;
import io.facestream.training.network.NetworkGraph;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AugmenterTest {
    private static final int SIDE = NetworkGraph.INPUT_SIDE;

    private final Picture chip = SyntheticPictures.blobs(160, 160, 1);

    @AfterEach
    void close() {
        chip.close();
    }

    private Mat augmented(Augmentation augmentation, boolean far, long seed) {
        Mat target = new Mat(SIDE, SIDE, CV_8UC3);
        new Augmenter(augmentation).apply(chip, far, new Random(seed), target);
        return target;
    }

    private Mat middle() {
        return chip.rgb().apply(new Rect(24, 24, SIDE, SIDE)).clone();
    }

    @Test
    void withoutAugmentationItIsTheChipsMiddle() {
        assertThat(bytes(augmented(Augmentation.NONE, false, 1))).isEqualTo(bytes(middle()));
    }

    @Test
    void brightnessIsWithinTheSeedsRangeAndEverySecondPhotoIsMirrored() {
        Mat mirrored = new Mat();
        flip(middle(), mirrored, 1);
        double before = mean(bytes(middle()));
        int count = 0;
        for (int seed = 0; seed < 200; seed++) {
            Mat photo = augmented(Augmentation.SEED, false, seed);
            assertThat(mean(bytes(photo)) / before).isBetween(0.39, 1.81);
            count += correlation(photo, mirrored) > correlation(photo, middle()) ? 1 : 0;
        }
        assertThat(count).isBetween(70, 130);
    }

    @Test
    void aFarPhotoHasLostDetailAndACleanOneHasNot() {
        try (Picture detailed = SyntheticPictures.noise(160, 160, 2);
                Mat near = new Mat(SIDE, SIDE, CV_8UC3);
                Mat far = new Mat(SIDE, SIDE, CV_8UC3)) {
            Augmenter augmenter = new Augmenter(Augmentation.FAR_CAMERA);
            augmenter.apply(detailed, false, new Random(1), near);
            augmenter.apply(detailed, true, new Random(1), far);

            assertThat(roughness(far)).isLessThan(roughness(near) / 2);
        }
    }

    @Test
    void theSameSeedGivesTheSamePhoto() {
        byte[] photo = bytes(augmented(Augmentation.FAR_CAMERA, true, 7));

        assertThat(bytes(augmented(Augmentation.FAR_CAMERA, true, 7))).isEqualTo(photo);
        assertThat(bytes(augmented(Augmentation.FAR_CAMERA, true, 8))).isNotEqualTo(photo);
    }

    private static double correlation(Mat first, Mat second) {
        byte[] a = bytes(first);
        byte[] b = bytes(second);
        double meanA = mean(a);
        double meanB = mean(b);
        return IntStream.range(0, a.length)
                .mapToDouble(i -> ((a[i] & 0xff) - meanA) * ((b[i] & 0xff) - meanB))
                .sum();
    }

    private static double mean(byte[] bytes) {
        return IntStream.range(0, bytes.length)
                .map(i -> bytes[i] & 0xff)
                .average()
                .orElseThrow();
    }

    /** Mean difference of neighbours in a row. */
    private static double roughness(Mat photo) {
        byte[] bytes = bytes(photo);
        return IntStream.range(3, bytes.length)
                .map(i -> Math.abs((bytes[i] & 0xff) - (bytes[i - 3] & 0xff)))
                .average()
                .orElseThrow();
    }

    private static byte[] bytes(Mat mat) {
        byte[] bytes = new byte[3 * mat.rows() * mat.cols()];
        mat.<ByteBuffer>createBuffer().get(bytes);
        return bytes;
    }
}
