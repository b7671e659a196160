package io.facestream.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhotoFileTest {
    private static final BufferedImage GRACE =
            TestPictures.image(TestPictures.sample("people/Grace_Hopper/us-navy.jpg"));

    /** 512x600 pixels fit. */
    private static final Bounds WIDE = new Bounds(1 << 20, 400_000);

    @TempDir
    private Path folder;

    private record Bounds(int maxBytes, long maxPixels) implements PictureBounds {}

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png"})
    void aPhotoThatFitsIsReadByteForByte(String format) throws Exception {
        byte[] photo = TestPictures.encode(GRACE, format);

        PhotoFile read = PhotoFile.read(file(photo), WIDE, 1 << 20);

        assertThat(read.image()).isEqualTo(photo);
        assertThat(read.change()).isNull();
    }

    /** Like a 48-megapixel photo of a phone held upright, but small: twice the pixels that are allowed here. */
    @Test
    void aPhotoOfTooManyPixelsIsReadAtHalfItsScaleAndUpright() throws Exception {
        byte[] photo = TestPictures.jpegOfOrientation6(TestPictures.halves(512, 600, Color.RED, Color.BLUE));
        Bounds bounds = new Bounds(1 << 20, 160_000);

        PhotoFile read = PhotoFile.read(file(photo), bounds, 1 << 20);

        BufferedImage image = TestPictures.image(read.image());
        assertThat(image.getWidth()).isEqualTo(256);
        assertThat(image.getHeight()).isEqualTo(300);
        assertThat(new Color(image.getRGB(128, 50)).getRed()).isCloseTo(255, within(10));
        assertThat(new Color(image.getRGB(128, 250)).getBlue()).isCloseTo(255, within(10));
        assertThat(read.change()).startsWith("converted from ").contains("256x300 pixels");
    }

    @Test
    void aPhotoThatFillsMoreBytesThanARecordTakesIsEncodedAnew() throws Exception {
        byte[] photo = TestPictures.encode(GRACE, "png");
        assertThat(photo.length).isGreaterThan(200_000);

        PhotoFile read = PhotoFile.read(file(photo), WIDE, 200_000);

        assertThat(read.image()).hasSizeLessThanOrEqualTo(200_000);
        assertThat(PhotoKind.of(read.image())).isEqualTo(PhotoKind.JPEG);
        assertThat(TestPictures.image(read.image()).getWidth()).isEqualTo(512);
    }

    @Test
    void whereNoQualityIsLowEnoughThePhotoIsMadeSmaller() throws Exception {
        PhotoFile read = PhotoFile.read(file(TestPictures.encode(GRACE, "png")), WIDE, 20_000);

        assertThat(read.image()).hasSizeLessThanOrEqualTo(20_000);
        assertThat(TestPictures.image(read.image()).getWidth()).isBetween(100, 400);
    }

    /** Else enrolling a folder twice would enrol its large photos twice. */
    @Test
    void theSameFileYieldsTheSameBytes() throws Exception {
        Path file = file(TestPictures.encode(GRACE, "png"));

        assertThat(PhotoFile.read(file, WIDE, 200_000).image())
                .isEqualTo(PhotoFile.read(file, WIDE, 200_000).image());
    }

    @Test
    void aLargePhotoThatBreaksOffIsNotPassedOnAsAWholeOne() throws Exception {
        Path file = file(TestPictures.half(TestPictures.encode(GRACE, "jpg")));

        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> PhotoFile.read(file, WIDE, 20_000))
                .satisfies(thrown -> assertThat(thrown.reason()).isEqualTo(RejectReason.TRUNCATED));
    }

    @Test
    void aFileOfGigabytesIsRefusedUnread() throws Exception {
        Path file = folder.resolve("x.jpg");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }

        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> PhotoFile.read(file, WIDE, 1 << 20))
                .withMessage("3221.2 MB, more than the 134.2 MB of a photo");
    }

    @Test
    void aPictureThatAnnouncesMorePixelsThanAnyPhotoHasIsRefusedUndecoded() throws Exception {
        Path file = file(TestPictures.jpegThatAnnounces(60_000, 60_000));

        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> PhotoFile.read(file, WIDE, 1 << 20))
                .withMessage("3600 megapixels, more than the 200 of a photo");
    }

    @Test
    void aFormatThatIsNotReadSaysWhatToDo() throws Exception {
        Path file = file(TestPictures.animatedGif(GRACE, GRACE));

        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> PhotoFile.read(file, WIDE, 1 << 20))
                .withMessage("this is GIF, which is not read: convert it to JPEG");
    }

    private Path file(byte[] content) throws Exception {
        return Files.write(folder.resolve("photo"), content);
    }
}
