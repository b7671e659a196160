package io.facestream.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.facestream.SyntheticPictures;
import io.facestream.faces.FaceAligner;
import io.facestream.frames.Picture;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FarCameraTest {
    private static final int SIDE = FaceAligner.CHIP_SIZE;
    private static final int MARGIN = (SIDE - FaceAligner.TEMPLATE_SIZE) / 2;
    private static final FarCamera FAR = new FarCamera(32, 32, 1, 1);

    private final Picture chip = SyntheticPictures.blobs(SIDE, SIDE, 1);
    private final byte[] before = bytes(chip);

    @AfterEach
    void close() {
        chip.close();
    }

    @ParameterizedTest
    @CsvSource({"7, 32", "8, 113", "33, 32"})
    void sizesAreTheSmallestAndTheLargestThatAreLeftOfTheTemplate(int smallest, int largest) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FarCamera(smallest, largest, 1, 1))
                .withMessageContaining("not " + smallest + " to " + largest);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void aShareIsZeroToOne(double share) {
        assertThatIllegalArgumentException().isThrownBy(() -> new FarCamera(8, 112, share, 1));
    }

    @Test
    void aPhotoLooksTheSameEveryTimeAndUnlikeAnotherOrWithAnotherSeed() {
        byte[] degraded = degraded(FAR, "Ada/1.jpg");

        assertThat(degraded(FAR, "Ada/1.jpg")).isEqualTo(degraded);
        assertThat(degraded(FAR, "Ada/2.jpg")).isNotEqualTo(degraded);
        assertThat(degraded(new FarCamera(32, 32, 1, 2), "Ada/1.jpg")).isNotEqualTo(degraded);
    }

    @Test
    void theMiddleChangesAndTheMarginDoesNot() {
        byte[] degraded = degraded(FAR, "Ada/1.jpg");

        int changed = 0;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                boolean middle = x >= MARGIN && x < SIDE - MARGIN && y >= MARGIN && y < SIDE - MARGIN;
                for (int channel = 0; channel < 3; channel++) {
                    int i = 3 * (y * SIDE + x) + channel;
                    if (middle) {
                        changed += degraded[i] == before[i] ? 0 : 1;
                    } else {
                        assertThat(degraded[i]).isEqualTo(before[i]);
                    }
                }
            }
        }
        assertThat(changed).isGreaterThan(3 * FaceAligner.TEMPLATE_SIZE * FaceAligner.TEMPLATE_SIZE / 2);
    }

    @Test
    void theChipItselfStaysAsItIs() {
        degraded(FAR, "Ada/1.jpg");

        assertThat(bytes(chip)).isEqualTo(before);
    }

    @Test
    void aShareOfNoneLeavesEveryChipAsItIs() {
        assertThat(degraded(new FarCamera(8, 8, 0, 1), "Ada/1.jpg")).isEqualTo(before);
    }

    @Test
    void aShareOfAHalfDegradesAboutHalfOfThePhotos() {
        FarCamera half = new FarCamera(16, 32, 0.5, 1);

        boolean[] degraded = new boolean[200];
        for (int i = 0; i < degraded.length; i++) {
            degraded[i] = !Arrays.equals(degraded(half, "Ada/" + i), before);
        }

        assertThat(IntStream.range(0, degraded.length).filter(i -> degraded[i])).hasSizeBetween(70, 130);
    }

    @Test
    void lessIsLeftOfASmallerFace() {
        assertThat(difference(new FarCamera(8, 8, 1, 1))).isGreaterThan(difference(new FarCamera(112, 112, 1, 1)));
    }

    private double difference(FarCamera camera) {
        byte[] degraded = degraded(camera, "Ada/1.jpg");
        return IntStream.range(0, degraded.length)
                .map(i -> Math.abs((degraded[i] & 0xff) - (before[i] & 0xff)))
                .average()
                .getAsDouble();
    }

    private byte[] degraded(FarCamera camera, String photo) {
        try (Picture degraded = camera.degrade(chip, photo)) {
            return bytes(degraded);
        }
    }

    private static byte[] bytes(Picture picture) {
        byte[] bytes = new byte[picture.width() * picture.height() * 3];
        picture.rgb().<ByteBuffer>createBuffer().get(bytes);
        return bytes;
    }
}
