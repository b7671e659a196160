package io.facestream.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR_444;

import io.facestream.SharedData;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.indexer.UByteIndexer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures that arrive whole as files, but with losses inside. */
class DamagedPicturesTest {
    private static final PictureDecoder DECODER = new PictureDecoder(new PictureBounds() {
        @Override
        public int maxBytes() {
            return 8 << 20;
        }

        @Override
        public long maxPixels() {
            return 40_000_000;
        }
    });

    private static final byte[] PORTRAIT = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");

    private static BufferedImage grey(BufferedImage colours) {
        BufferedImage grey = new BufferedImage(colours.getWidth(), colours.getHeight(), BufferedImage.TYPE_BYTE_GRAY);
        grey.createGraphics().drawImage(colours, 0, 0, null);
        return grey;
    }

    private static Map<String, byte[]> wholeJpegs() {
        BufferedImage image = TestPictures.image(PORTRAIT);
        Map<String, byte[]> jpegs = new LinkedHashMap<>();
        jpegs.put("as photographed", PORTRAIT);
        jpegs.put("baseline", TestPictures.jpeg(image, IMWRITE_JPEG_QUALITY, 80));
        jpegs.put("progressive", TestPictures.jpeg(image, IMWRITE_JPEG_PROGRESSIVE, 1));
        jpegs.put("restart markers", TestPictures.jpeg(image, IMWRITE_JPEG_RST_INTERVAL, 5));
        jpegs.put(
                "progressive with restart markers",
                TestPictures.jpeg(image, IMWRITE_JPEG_PROGRESSIVE, 1, IMWRITE_JPEG_RST_INTERVAL, 7));
        jpegs.put(
                "full colour resolution",
                TestPictures.jpeg(image, IMWRITE_JPEG_SAMPLING_FACTOR, IMWRITE_JPEG_SAMPLING_FACTOR_444));
        jpegs.put("grey", TestPictures.encode(grey(image), "jpg"));
        jpegs.put("best quality", TestPictures.jpeg(image, IMWRITE_JPEG_QUALITY, 100));
        return jpegs;
    }

    static Stream<Arguments> whole() {
        return wholeJpegs().entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whole")
    void aWholeJpegIsNotDamaged(String what, byte[] jpeg) throws Exception {
        assertThat(JpegFile.read(jpeg).damage()).as(what).isEmpty();
        assertThat(JpegFile.read(jpeg).plain()).as(what).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whole")
    void aJpegThatIsCutAndGivenAnEndMarkerIsDamaged(String what, byte[] jpeg) throws Exception {
        int scan = firstScan(jpeg);
        for (double share : new double[] {0.003, 0.1, 0.5, 0.9, 0.99}) {
            byte[] cut = Arrays.copyOf(jpeg, scan + (int) (share * (jpeg.length - scan)));
            try (Picture picture = DECODER.decode(endMarked(cut))) {
                assertThat(picture.damaged()).as("%s, %s of it", what, share).isTrue();
                assertThat(picture.width())
                        .isEqualTo(TestPictures.image(PORTRAIT).getWidth());
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whole")
    void aJpegThatLostBytesInTheMiddleIsDamaged(String what, byte[] jpeg) {
        Random random = new Random(1);
        int scan = firstScan(jpeg) + 20;
        int noticed = 0;
        for (int i = 0; i < 20; i++) {
            int from = scan + random.nextInt(jpeg.length - scan - 1_100);
            ByteArrayOutputStream lost = new ByteArrayOutputStream();
            lost.write(jpeg, 0, from);
            lost.write(jpeg, from + 1_000, jpeg.length - from - 1_000);
            noticed += isNoticed(lost.toByteArray()) ? 1 : 0;
        }
        assertThat(noticed).as(what).isEqualTo(20);
    }

    private static boolean isNoticed(byte[] jpeg) {
        try (Picture picture = DECODER.decode(jpeg)) {
            return picture.damaged();
        } catch (RejectedException e) {
            return true;
        }
    }

    @Test
    void theCaseThatWasHandedInIsDamagedAndSaysWhere() throws Exception {
        byte[] half = DamagedPicturesTest.class
                .getResourceAsStream("/damaged/half-then-end-marker.jpg")
                .readAllBytes();

        try (Picture picture = DECODER.decode(half)) {
            assertThat(picture.damage()).get().asString().contains("data ends in scan 1, at block 534 of 1216");
        }
    }

    @Test
    void whatIsThereOfADamagedPictureIsDecodedAsOtherwiseAndUpright() throws Exception {
        BufferedImage image = TestPictures.image(PORTRAIT);
        byte[] whole = TestPictures.jpegOfOrientation6(image);
        byte[] cut = endMarked(Arrays.copyOf(whole, whole.length - 500));

        try (Picture expected = DECODER.decode(whole);
                Picture picture = DECODER.decode(cut);
                UByteIndexer expectedPixels = expected.rgb().createIndexer();
                UByteIndexer pixels = picture.rgb().createIndexer()) {
            assertThat(picture.damaged()).isTrue();
            assertThat(picture.width()).isEqualTo(image.getWidth());
            for (int y = 100; y < 500; y += 50) {
                for (int c = 0; c < 3; c++) {
                    assertThat(pixels.get(y, 256, c)).isCloseTo(expectedPixels.get(y, 256, c), within(4));
                }
            }
        }
    }

    @Test
    void aFewBytesBeforeTheEndMarkerAreNoDamage() throws Exception {
        byte[] padded = Arrays.copyOf(PORTRAIT, PORTRAIT.length + 2);
        padded[padded.length - 4] = 0x12;
        padded[padded.length - 3] = 0x34;
        padded[padded.length - 2] = (byte) 0xff;
        padded[padded.length - 1] = (byte) 0xd9;

        try (Picture picture = DECODER.decode(padded)) {
            assertThat(picture.damaged()).isFalse();
        }
    }

    @Test
    void framesOfMotionJpegWithoutTheirCodeTablesAreWhole() throws Exception {
        byte[] jpeg = TestPictures.jpeg(TestPictures.image(PORTRAIT), IMWRITE_JPEG_QUALITY, 80);
        byte[] without = withoutSegments(jpeg, 0xc4);

        assertThat(without).hasSizeLessThan(jpeg.length - 400);
        try (Picture picture = DECODER.decode(without)) {
            assertThat(picture.damaged()).isFalse();
        }
    }

    @Test
    void aJpegOfMoreScansThanAnyEncoderMakesIsRejected() {
        byte[] progressive = TestPictures.jpeg(TestPictures.image(PORTRAIT), IMWRITE_JPEG_PROGRESSIVE, 1);
        int last = 0;
        for (int i = 0; i < progressive.length - 1; i++) {
            last = progressive[i] == (byte) 0xff && progressive[i + 1] == (byte) 0xda ? i : last;
        }
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(progressive, 0, last);
        for (int i = 0; i < 100; i++) {
            many.write(progressive, last, progressive.length - 2 - last);
        }
        many.write(progressive, progressive.length - 2, 2);

        assertThat(many.toByteArray()).hasSizeLessThan(8 << 20);
        assertThat(rejection(many.toByteArray())).hasMessageContaining("more than 100 scans");
        assertThat(rejection(many.toByteArray()).reason()).isEqualTo(RejectReason.UNDECODABLE);
    }

    @Test
    void aPngWithLossesIsRejectedByWhatItLost() {
        byte[] png = TestPictures.encode(TestPictures.image(PORTRAIT), "png");
        byte[] flipped = png.clone();
        flipped[png.length / 2] ^= 4;

        assertThat(rejection(flipped)).hasMessageContaining("wrong checksum");
        assertThat(rejection(Arrays.copyOf(png, png.length / 2))).hasMessageContaining("breaks off");
        assertThat(rejection(TestPictures.pngThatAnnounces(50, 50))).hasMessageContaining("bytes of pixels");
        assertThat(rejection(withOneRowTooMany(png))).hasMessageContaining("holds more than");
    }

    private static byte[] withOneRowTooMany(byte[] png) {
        ByteBuffer less = ByteBuffer.wrap(png.clone());
        less.putInt(20, less.getInt(20) - 1);
        CRC32 crc = new CRC32();
        crc.update(less.array(), 12, 17);
        return less.putInt(29, (int) crc.getValue()).array();
    }

    @Test
    void aWebpThatLostItsEndIsRejectedThoughItsHeaderSaysOtherwise() {
        byte[] webp = TestPictures.encodeWithOpenCv(TestPictures.image(PORTRAIT), ".webp");
        byte[] half = Arrays.copyOf(webp, webp.length / 2 & ~1);
        ByteBuffer header = ByteBuffer.wrap(half).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        header.putInt(4, half.length - 8).putInt(16, half.length - 20);

        assertThat(rejection(half).reason()).isEqualTo(RejectReason.UNDECODABLE);
    }

    private static RejectedException rejection(byte[] image) {
        RejectedException rejection = catchThrowableOfType(
                RejectedException.class, () -> DECODER.decode(image).close());
        assertThat(rejection).isNotNull();
        return rejection;
    }

    /** In a process of its own, for decoders write past Java. */
    @Test
    void noDecoderWritesToStandardError() throws Exception {
        List<byte[]> pictures = new ArrayList<>();
        for (byte[] jpeg : wholeJpegs().values()) {
            pictures.add(jpeg);
            pictures.add(endMarked(Arrays.copyOf(jpeg, jpeg.length / 2)));
            byte[] flipped = jpeg.clone();
            flipped[jpeg.length * 2 / 3] ^= 0x55;
            pictures.add(flipped);
        }
        byte[] png = TestPictures.encode(TestPictures.image(PORTRAIT), "png");
        byte[] flipped = png.clone();
        flipped[png.length / 2] ^= 4;
        pictures.addAll(List.of(
                png,
                flipped,
                Arrays.copyOf(png, 1_000),
                TestPictures.pngThatAnnounces(50, 50),
                withOneRowTooMany(png)));
        Path list = Files.createTempFile("pictures", ".base64");
        Files.write(
                list, pictures.stream().map(Base64.getEncoder()::encodeToString).toList());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DecodeAll.class.getName(),
                        list.toString())
                .redirectErrorStream(true)
                .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        Files.delete(list);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).doesNotContain("Corrupt").doesNotContain("libpng").doesNotContain("remature");
        assertThat(output).contains("decoded " + pictures.size());
    }

    /** Decodes every picture of a list. */
    static final class DecodeAll {
        private DecodeAll() {}

        public static void main(String[] arguments) throws Exception {
            int decoded = 0;
            for (String line : Files.readAllLines(Path.of(arguments[0]))) {
                isNoticed(Base64.getDecoder().decode(line));
                decoded++;
            }
            System.out.println("decoded " + decoded);
        }
    }

    @Test
    void noPhotoOfTheTestDataIsCalledDamaged() throws Exception {
        List<String> damaged = new ArrayList<>();
        for (Path file : SharedData.lfwPhotos(1_000)) {
            JpegFile.read(Files.readAllBytes(file)).damage().ifPresent(damage -> damaged.add(file + ": " + damage));
        }

        assertThat(damaged).isEmpty();
    }

    private static byte[] endMarked(byte[] cut) {
        byte[] ended = Arrays.copyOf(cut, cut.length + 2);
        ended[cut.length] = (byte) 0xff;
        ended[cut.length + 1] = (byte) 0xd9;
        return ended;
    }

    /** Where the entropy-coded data of the first scan begins. */
    private static int firstScan(byte[] jpeg) {
        int at = 2;
        while ((jpeg[at + 1] & 0xff) != 0xda) {
            at += 2 + ((jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff);
        }
        return at + 2 + ((jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff);
    }

    private static byte[] withoutSegments(byte[] jpeg, int marker) {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        rest.write(jpeg, 0, 2);
        int at = 2;
        while ((jpeg[at + 1] & 0xff) != 0xda) {
            int length = 2 + ((jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff);
            if ((jpeg[at + 1] & 0xff) != marker) {
                rest.write(jpeg, at, length);
            }
            at += length;
        }
        rest.write(jpeg, at, jpeg.length - at);
        return rest.toByteArray();
    }
}
