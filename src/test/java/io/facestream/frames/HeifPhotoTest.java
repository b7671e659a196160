package io.facestream.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.facestream.messaging.RejectedException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Of Grace Hopper's portrait at 200x234: as iPhones store a photo (HEVC in a grid of four tiles, lying on its side,
 * turned by {@code irot}), mirrored by {@code imir}, and as AVIF. Coded by libheif, the first two put together to
 * ISO/IEC 23008-12 by hand; libheif shows them upright, too.
 */
class HeifPhotoTest {
    private static final Path FILES = Path.of("src/test/resources/photos");
    private static final BufferedImage GRACE = TestPictures.scaled(
            TestPictures.image(TestPictures.sample("people/Grace_Hopper/us-navy.jpg")), 200 / 512.0);

    @TempDir
    private Path folder;

    private record Bounds(int maxBytes, long maxPixels) implements PictureBounds {}

    @ParameterizedTest
    @ValueSource(strings = {"grid-irot.heic", "imir.heic", "whole.avif"})
    void aPhonesPhotoIsReadWholeUprightAndInItsColours(String file) throws Exception {
        PhotoFile photo = read(FILES.resolve(file));

        BufferedImage image = TestPictures.image(photo.image());
        assertThat(image.getWidth()).isEqualTo(200);
        assertThat(image.getHeight()).isEqualTo(234);
        assertThat(meanDifference(image, GRACE)).isLessThan(8);
        assertThat(photo.change()).startsWith("converted from ").contains("to a JPEG of 200x234 pixels");
    }

    @Test
    void aPhotoThatBreaksOffIsRefusedWithWhatToDo() throws Exception {
        byte[] whole = Files.readAllBytes(FILES.resolve("grid-irot.heic"));
        for (int length : new int[] {40, 400, whole.length / 2, whole.length - 300}) {
            Path half = Files.write(folder.resolve("half.heic"), Arrays.copyOf(whole, length));

            assertThatExceptionOfType(RejectedException.class)
                    .isThrownBy(() -> read(half))
                    .withMessageStartingWith("this is HEIC that cannot be read (")
                    .withMessageEndingWith("): convert it to JPEG");
        }
    }

    @Test
    void damageAnywhereIsRefusedOrReadAndEndsNothing() throws Exception {
        Random random = new Random(1);
        for (String name : new String[] {"grid-irot.heic", "whole.avif"}) {
            byte[] whole = Files.readAllBytes(FILES.resolve(name));
            for (int i = 0; i < 200; i++) {
                byte[] damaged = whole.clone();
                for (int k = 0; k < 4; k++) {
                    damaged[12 + random.nextInt(k < 2 ? 1_000 : damaged.length - 12)] = (byte) random.nextInt(256);
                }
                Path file = Files.write(folder.resolve("damaged"), damaged);
                try {
                    assertThat(read(file).image()).isNotEmpty();
                } catch (RejectedException e) {
                    assertThat(e).hasMessageContaining("convert it to JPEG");
                }
            }
        }
    }

    private static PhotoFile read(Path file) throws Exception {
        return PhotoFile.read(file, new Bounds(8 << 20, 40_000_000), 8 << 20);
    }

    private static double meanDifference(BufferedImage one, BufferedImage other) {
        double sum = 0;
        int height = Math.min(one.getHeight(), other.getHeight());
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < 200; x++) {
                Color first = new Color(one.getRGB(x, y));
                Color second = new Color(other.getRGB(x, y));
                sum += Math.abs(first.getRed() - second.getRed())
                        + Math.abs(first.getGreen() - second.getGreen())
                        + Math.abs(first.getBlue() - second.getBlue());
            }
        }
        return sum / 3 / 200 / height;
    }
}
