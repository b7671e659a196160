package io.facestream.frames;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.javacpp.indexer.UByteIndexer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PictureDecoderTest {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_PIXELS = 1_000_000;

    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;
    private static final Color TOP = new Color(200, 40, 20);
    private static final Color BOTTOM = new Color(10, 60, 180);

    private final PictureDecoder decoder = new PictureDecoder(new PictureBounds() {
        @Override
        public int maxBytes() {
            return MAX_BYTES;
        }

        @Override
        public long maxPixels() {
            return MAX_PIXELS;
        }
    });

    static Stream<Arguments> formats() {
        BufferedImage image = TestPictures.halves(WIDTH, HEIGHT, TOP, BOTTOM);
        Map<String, byte[]> pictures = new TreeMap<>(Map.of(
                "JPEG", TestPictures.encode(image, "jpg"),
                "PNG", TestPictures.encode(image, "png"),
                "WebP", TestPictures.encodeWithOpenCv(image, ".webp"),
                "CMYK JPEG", TestPictures.cmykJpeg(image),
                "16-bit PNG", TestPictures.png16(image),
                "PNG with transparency", TestPictures.pngWithTransparency(image),
                "JPEG of orientation 6", TestPictures.jpegOfOrientation6(image),
                "animated WebP",
                        TestPictures.animatedWebp(image, TestPictures.halves(WIDTH, HEIGHT, Color.GREEN, Color.GREEN)),
                "JPEG with a thumbnail",
                        TestPictures.jpegWithThumbnail(
                                image, TestPictures.encode(TestPictures.halves(16, 16, TOP, BOTTOM), "jpg")),
                "JPEG with bytes after its end",
                        Arrays.copyOf(
                                TestPictures.encode(image, "jpg"), TestPictures.encode(image, "jpg").length + 100)));
        return pictures.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void aPictureComesOutUprightInEightBitRgb(String format, byte[] encoded) throws Exception {
        try (Picture picture = decoder.decode(encoded);
                UByteIndexer pixels = picture.rgb().createIndexer()) {
            assertThat(picture.width()).isEqualTo(WIDTH);
            assertThat(picture.height()).isEqualTo(HEIGHT);
            assertColour(pixels, HEIGHT / 4, TOP);
            assertColour(pixels, 3 * HEIGHT / 4, BOTTOM);
        }
    }

    /** JPEG and WebP lose a little. */
    private static void assertColour(UByteIndexer pixels, int row, Color expected) {
        assertThat(pixels.get(row, WIDTH / 2, 0)).as("red").isCloseTo(expected.getRed(), within(12));
        assertThat(pixels.get(row, WIDTH / 2, 1)).as("green").isCloseTo(expected.getGreen(), within(12));
        assertThat(pixels.get(row, WIDTH / 2, 2)).as("blue").isCloseTo(expected.getBlue(), within(12));
    }

    static Stream<Arguments> unusable() {
        // Detail everywhere, so that half of the bytes is about half of the picture.
        byte[] photo = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
        BufferedImage image = TestPictures.image(photo);
        byte[] thumbnail = TestPictures.encode(TestPictures.halves(16, 16, TOP, BOTTOM), "jpg");
        byte[] twoThirds = TestPictures.jpegWithThumbnail(image, thumbnail);
        return Stream.of(
                Arguments.of("0 bytes", new byte[0], RejectReason.EMPTY),
                Arguments.of(
                        "text", "<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8), RejectReason.NOT_AN_IMAGE),
                Arguments.of("one byte", new byte[] {(byte) 0xff}, RejectReason.NOT_AN_IMAGE),
                Arguments.of(
                        "GIF",
                        TestPictures.animatedGif(
                                TestPictures.halves(WIDTH, HEIGHT, TOP, BOTTOM),
                                TestPictures.halves(WIDTH, HEIGHT, BOTTOM, TOP)),
                        RejectReason.NOT_AN_IMAGE),
                Arguments.of("half a JPEG", TestPictures.half(photo), RejectReason.TRUNCATED),
                Arguments.of(
                        "two thirds of a JPEG with a thumbnail",
                        Arrays.copyOf(twoThirds, twoThirds.length * 2 / 3),
                        RejectReason.TRUNCATED),
                Arguments.of(
                        "half a WebP",
                        TestPictures.half(TestPictures.encodeWithOpenCv(image, ".webp")),
                        RejectReason.TRUNCATED),
                Arguments.of("a JPEG's first bytes", Arrays.copyOf(photo, 4), RejectReason.TRUNCATED),
                Arguments.of(
                        "a PNG's first bytes",
                        Arrays.copyOf(TestPictures.encode(image, "png"), 20),
                        RejectReason.UNDECODABLE),
                Arguments.of("a huge PNG", TestPictures.pngThatAnnounces(50_000, 50_000), RejectReason.TOO_MANY_PIXELS),
                Arguments.of(
                        "a PNG of the largest size there is",
                        TestPictures.pngThatAnnounces(Integer.MAX_VALUE, Integer.MAX_VALUE),
                        RejectReason.TOO_MANY_PIXELS),
                Arguments.of("a PNG without pixels", TestPictures.pngThatAnnounces(0, 10), RejectReason.UNDECODABLE),
                Arguments.of(
                        "a huge JPEG", TestPictures.jpegThatAnnounces(50_000, 50_000), RejectReason.TOO_MANY_PIXELS),
                Arguments.of("a broken PNG", TestPictures.pngThatAnnounces(50, 50), RejectReason.UNDECODABLE),
                Arguments.of("too many bytes", Arrays.copyOf(photo, MAX_BYTES + 1), RejectReason.TOO_LARGE));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("unusable")
    void whatCannotBeDecodedIsRejectedWithTheReason(String what, byte[] encoded, RejectReason reason) {
        RejectedException rejection = catchThrowableOfType(
                RejectedException.class, () -> decoder.decode(encoded).close());

        assertThat(rejection).as(what).isNotNull();
        assertThat(rejection.reason()).isEqualTo(reason);
        assertThat(rejection).message().isNotBlank();
    }

    @Test
    void aTruncatedPngIsRejected() {
        byte[] png =
                TestPictures.encode(TestPictures.image(TestPictures.sample("people/Grace_Hopper/us-navy.jpg")), "png");
        byte[] cut = Arrays.copyOf(png, Math.min(png.length / 2, MAX_BYTES));

        assertThat(catchThrowableOfType(
                        RejectedException.class, () -> decoder.decode(cut).close()))
                .isNotNull()
                .extracting(RejectedException::reason)
                .isIn(RejectReason.TRUNCATED, RejectReason.UNDECODABLE);
    }

    @Test
    void theReasonNamesTheFirstBytesAndTheBound() {
        assertThat(catchThrowableOfType(RejectedException.class, () -> decoder.decode(new byte[] {0x3c, 0x68, 0x74})))
                .hasMessageContaining("3c 68 74");
        assertThat(catchThrowableOfType(
                        RejectedException.class, () -> decoder.decode(TestPictures.pngThatAnnounces(50_000, 50_000))))
                .hasMessageContaining("50000x50000")
                .hasMessageContaining(Integer.toString(MAX_PIXELS));
    }

    @Test
    void theAnnouncedPixelsAreKnownBeforeDecoding() {
        BufferedImage image = TestPictures.halves(WIDTH, HEIGHT, TOP, BOTTOM);

        assertThat(PictureDecoder.announcedPixels(TestPictures.encode(image, "jpg")))
                .isEqualTo(WIDTH * HEIGHT);
        assertThat(PictureDecoder.announcedPixels(TestPictures.encode(image, "png")))
                .isEqualTo(WIDTH * HEIGHT);
        assertThat(PictureDecoder.announcedPixels(withXmp(TestPictures.encodeWithOpenCv(image, ".webp"))))
                .isEqualTo(WIDTH * HEIGHT);
        assertThat(PictureDecoder.announcedPixels(TestPictures.encodeWithOpenCv(image, ".webp")))
                .isEqualTo(WIDTH * HEIGHT);
        assertThat(PictureDecoder.announcedPixels(TestPictures.pngThatAnnounces(Integer.MAX_VALUE, Integer.MAX_VALUE)))
                .isEqualTo((long) Integer.MAX_VALUE * Integer.MAX_VALUE);
    }

    /** The picture with a chunk behind it that nobody is to read. */
    private static byte[] withXmp(byte[] webp) {
        byte[] packet = "no XML at all!".getBytes(US_ASCII);
        return ByteBuffer.allocate(webp.length + 8 + packet.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(webp)
                .put("XMP ".getBytes(US_ASCII))
                .putInt(packet.length)
                .put(packet)
                .putInt(4, webp.length + packet.length)
                .array();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withoutAReadableHeader")
    void aHeaderThatCannotBeReadAnnouncesNothing(String what, byte[] encoded) {
        assertThat(PictureDecoder.announcedPixels(encoded)).as(what).isZero();
    }

    static Stream<Arguments> withoutAReadableHeader() {
        byte[] jpeg = TestPictures.encode(TestPictures.halves(WIDTH, HEIGHT, TOP, BOTTOM), "jpg");
        return Stream.of(
                Arguments.of("0 bytes", new byte[0]),
                Arguments.of("text", "<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                Arguments.of("a JPEG's first bytes", Arrays.copyOf(jpeg, 20)),
                Arguments.of("a PNG's first bytes", Arrays.copyOf(TestPictures.pngThatAnnounces(50, 50), 20)),
                Arguments.of("a PNG of a negative size", TestPictures.pngThatAnnounces(-5, -5)),
                Arguments.of(
                        "a WebP's first bytes",
                        Arrays.copyOf(
                                TestPictures.encodeWithOpenCv(TestPictures.halves(WIDTH, HEIGHT, TOP, BOTTOM), ".webp"),
                                16)));
    }
}
