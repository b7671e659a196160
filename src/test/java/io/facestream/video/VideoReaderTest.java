package io.facestream.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VideoReaderTest {
    private static final String CLIP = "testsrc=size=96x64:rate=5:duration=4";

    @TempDir
    private Path folder;

    private final List<String> notices = new ArrayList<>();

    /** What came of a video: when its frames were taken, which are damaged, and the sizes of its pictures. */
    private record Reading(List<Long> millis, List<Integer> damaged, List<List<Integer>> sizes, long undecodable) {}

    @ParameterizedTest
    @ValueSource(strings = {"raw.h264", "raw.h265"})
    void framesWithoutTimesAreAsFarApartAsTheStreamSays(String name) throws Exception {
        Path file = Ffmpeg.recording(name, folder);

        Reading reading = read(file);

        assertThat(reading.millis()).containsExactlyElementsOf(every(200, 20));
        assertThat(reading.damaged()).isEmpty();
        assertThat(notices)
                .containsExactly(file + " has no times: its frames are taken as 5 a second, the rate that it states");
    }

    @Test
    void framesWithoutTimesOrARateAreTakenAs25ASecond() throws Exception {
        Path file = make("clip.mjpeg", "-f", "lavfi", "-i", CLIP, "-c:v", "mjpeg", "-f", "mjpeg");

        Reading reading = read(file);

        assertThat(reading.millis()).containsExactlyElementsOf(every(40, 20));
        assertThat(notices)
                .containsExactly(
                        file + " has no times: its frames are taken as 25 a second, because it states no rate");
    }

    /**
     * A transport stream's clock has 33 bits, 26.5 h: one that is set back by hours looks like one that jumps
     * forward.
     */
    @ParameterizedTest
    @CsvSource({"0, 36000, forward", "36000, 0, forward", "0, 0, back", "100, 40, back", "0, 50, forward"})
    void aClockThatJumpsIsToldAndThePlayGoesOnWithoutAGap(int first, int second, String direction) throws Exception {
        Path file = joined(transportStream("a.ts", first), transportStream("b.ts", second));

        Reading reading = read(file);

        assertThat(reading.millis()).hasSize(40).isSorted();
        assertThat(reading.millis().get(39)).isBetween(7_600L, 8_000L);
        assertThat(notices).singleElement().asString().contains("its clock jumps", direction, "without a gap");
        assertThat(reading.damaged())
                .as("nothing is missing where recordings were joined")
                .isEmpty();
    }

    @Test
    void aPauseInARecordingIsKept() throws Exception {
        Path file = make("slow.mp4", "-f", "lavfi", "-i", "testsrc=size=96x64:rate=1/8:duration=40", "-c:v", "mpeg4");

        assertThat(read(file).millis()).containsExactlyElementsOf(every(8_000, 5));
        assertThat(notices).isEmpty();
    }

    /** The colours by Rec. ITU-R BT.601 and BT.709; OpenCV's JPEG decoder is an independent reader. */
    @ParameterizedTest
    @CsvSource({
        "red, 640x480, smpte170m, tv, 255, 0, 0",
        "red, 640x480, bt709, tv, 255, 0, 0",
        "red, 640x480, bt709, pc, 255, 0, 0",
        "red, 640x480, smpte170m, pc, 255, 0, 0",
        "lime, 1280x720, bt709, tv, 0, 255, 0",
        "blue, 1280x720, bt709, pc, 0, 0, 255",
        "0x101010, 640x480, smpte170m, pc, 16, 16, 16",
        "0x101010, 640x480, bt709, tv, 16, 16, 16",
        "0xe0b0a0, 640x480, bt709, pc, 224, 176, 160",
        "0xe0b0a0, 1280x720, smpte170m, tv, 224, 176, 160"
    })
    void coloursAreThoseThatWereFilmed(String colour, String size, String matrix, String range, int r, int g, int b)
            throws Exception {
        Path file =
                make("tagged.mkv", coloured(colour, size, matrix, range, "-colorspace", matrix, "-color_range", range));

        assertColour(file, r, g, b);
    }

    /** As players take them: BT.601 for standard definition, BT.709 for high. */
    @ParameterizedTest
    @CsvSource({"640x480, smpte170m", "720x576, smpte170m", "1280x720, bt709", "960x600, bt709"})
    void coloursWithoutTagsAreTakenByTheSizeOfThePicture(String size, String matrix) throws Exception {
        assertColour(make("untagged.mkv", coloured("red", size, matrix, "tv")), 255, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"red, 255, 0, 0", "0x101010, 16, 16, 16", "0xf0f0f0, 240, 240, 240"})
    void motionJpegHasTheFullRange(String colour, int r, int g, int b) throws Exception {
        Path file = make("clip.avi", "-f", "lavfi", "-i", "color=" + colour + ":s=640x480:r=5:d=1", "-c:v", "mjpeg");

        assertColour(file, r, g, b);
    }

    @Test
    void aGreyCamerasGreyStaysAsItIs() throws Exception {
        Path file = make(
                "grey.mkv", "-f", "lavfi", "-i", "color=0x404040:s=96x64:r=5:d=1", "-pix_fmt", "gray", "-c:v", "ffv1");

        assertColour(file, 64, 64, 64);
    }

    @Test
    void pixelsThatAreNotSquareAreStretched() throws Exception {
        assertThat(read(Ffmpeg.recording("anamorphic-2cif.mp4", folder)).sizes())
                .containsOnly(List.of(640, 480));
    }

    @ParameterizedTest
    @CsvSource({"240x480, 8/3, 640, 480", "96x64, 1/2, 96, 128", "96x64, 1, 96, 64", "720x576, 16/15, 768, 576"})
    void theShorterSideIsEnlarged(String size, String ratio, int width, int height) throws Exception {
        Path file = make(
                "sar.mp4",
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=" + size + ":rate=5:duration=1,setsar=" + ratio,
                "-c:v",
                "mpeg4");

        assertThat(read(file).sizes()).containsOnly(List.of(width, height));
        assertThat(notices).isEmpty();
    }

    /** FFmpeg's demuxers of these have no options; what they keep in their place must not be searched for some. */
    @ParameterizedTest
    @CsvSource({
        "clip.mpg, mpeg2video, 352x480, 20/11, 640, 480",
        "clip.vob, mpeg2video, 720x576, 16/15, 768, 576",
        "clip.mpeg, mpeg1video, 96x64, 1, 96, 64",
        "clip.dv, dvvideo, 720x576, 16/15, 768, 576",
        "clip.swf, flv, 96x64, 1, 96, 64"
    })
    void containersWhoseDemuxersHaveNoOptionsAreReadWhole(
            String name, String codec, String size, String ratio, int width, int height) throws Exception {
        Path file = make(
                name,
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=" + size + ":rate=25:duration=0.4,format=yuv420p,setsar=" + ratio,
                "-c:v",
                codec);

        Reading reading = read(file);

        assertThat(reading.millis()).containsExactlyElementsOf(every(40, 10));
        assertThat(reading.sizes()).containsOnly(List.of(width, height));
        assertThat(reading.damaged()).isEmpty();
        assertThat(reading.undecodable()).isZero();
        assertThat(notices).isEmpty();
    }

    @Test
    void picturesThatStayAsTheyWereAreNoDamage() throws Exception {
        Reading reading = read(Ffmpeg.recording("repeated.ogv", folder));

        assertThat(reading.millis()).hasSize(34).startsWith(0L, 200L, 300L).endsWith(3_800L, 3_900L);
        assertThat(reading.damaged()).isEmpty();
        assertThat(reading.undecodable()).isZero();
        assertThat(notices).isEmpty();
    }

    @Test
    void aRatioThatNoCameraHasIsToldAndNotFollowed() throws Exception {
        Path file =
                make("sar.mp4", "-f", "lavfi", "-i", "testsrc=size=96x64:rate=5:duration=1,setsar=50", "-c:v", "mpeg4");

        assertThat(read(file).sizes()).containsOnly(List.of(96, 64));
        assertThat(notices)
                .containsExactly(file + " says that its pixels are 50 times as wide as high; taken as square");
    }

    @Test
    void framesKeepTheirOwnSizeWhereItChanges() throws Exception {
        Path small = make("small.ts", "-f", "lavfi", "-i", CLIP, "-c:v", "mpeg2video", "-bf", "0");
        Path large = make(
                "large.ts",
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=192x128:rate=5:duration=4",
                "-c:v",
                "mpeg2video",
                "-bf",
                "0",
                "-output_ts_offset",
                "4");

        List<List<Integer>> sizes = read(joined(small, large)).sizes();

        assertThat(sizes).startsWith(List.of(96, 64)).endsWith(List.of(192, 128));
        assertThat(sizes).containsOnly(List.of(96, 64), List.of(192, 128));
    }

    @Test
    void framesThatTheDecoderMarksAndThoseMadeFromThemAreDamaged() throws Exception {
        Reading reading = read(Ffmpeg.recording("loss4.ts", folder));

        assertThat(reading.millis()).hasSize(18);
        assertThat(reading.damaged()).as("both key frames are broken").hasSize(18);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mpeg2video", "mpeg4", "libopenh264"})
    void afterALossThePictureIsWholeAgainAtTheNextKeyFrame(String codec) throws Exception {
        Path whole = make(
                "whole.ts",
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=640x480:rate=5:duration=6",
                "-c:v",
                codec,
                "-g",
                "10",
                "-bf",
                "0",
                "-b:v",
                "1M");
        Path file = withoutPackets(whole, 0.40, 0.42);

        Reading reading = read(file);

        assertThat(reading.damaged()).isNotEmpty();
        assertThat(reading.damaged().get(0)).isGreaterThanOrEqualTo(5);
        assertThat(reading.millis().size()
                        - 1
                        - reading.damaged().get(reading.damaged().size() - 1))
                .as("frames since the last damaged one")
                .isGreaterThanOrEqualTo(9);
    }

    @Test
    void aMotionJpegFrameThatIsCutIsDamagedAloneOrNotThereAtAll() throws Exception {
        Path file = make("clip.avi", "-f", "lavfi", "-i", CLIP, "-c:v", "mjpeg");
        byte[] bytes = Files.readAllBytes(file);
        int middle = bytes.length / 2;
        Arrays.fill(bytes, middle, middle + 400, (byte) 0);
        Files.write(file, bytes);

        Reading reading = read(file);

        assertThat(reading.damaged().size() + reading.undecodable()).isBetween(1L, 2L);
        assertThat(reading.millis().size()).isGreaterThanOrEqualTo(18);
    }

    @Test
    void aPhonesPictureIsTurnedUprightAndTheUsersTurnComesOnTop() throws Exception {
        Path plain = make("plain.mp4", "-f", "lavfi", "-i", CLIP, "-c:v", "mpeg4");
        Path turned = make("turned.mp4", "-display_rotation", "90", "-i", plain.toString(), "-c", "copy");

        assertThat(read(turned).sizes()).containsOnly(List.of(64, 96));
        assertThat(read(turned, 1).sizes()).containsOnly(List.of(96, 64));
    }

    @Test
    void whatIsNoVideoIsSaid() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.mp4"));
        Path text = Files.writeString(folder.resolve("notes.txt"), "no video");
        Path sound = make("sound.wav", "-f", "lavfi", "-i", "sine=duration=1");
        Path cover = make(
                "cover.m4a",
                "-f",
                "lavfi",
                "-i",
                "sine=duration=1",
                "-f",
                "lavfi",
                "-i",
                "color=red:s=64x64:d=0.04",
                "-map",
                "0",
                "-map",
                "1",
                "-c:a",
                "aac",
                "-c:v",
                "mjpeg",
                "-disposition:v",
                "attached_pic",
                "-f",
                "mp4");
        Path whole = make("whole.mp4", "-f", "lavfi", "-i", CLIP, "-c:v", "mpeg4");
        Path cut = folder.resolve("cut.mp4");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(whole), 2_000));

        assertThatThrownBy(() -> read(empty))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot open " + empty);
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot open " + text);
        assertThatThrownBy(() -> read(sound)).hasMessage(sound + " has no pictures: it contains no video");
        assertThatThrownBy(() -> read(cover)).hasMessage(cover + " has no pictures: it contains no video");
        assertThatThrownBy(() -> read(cut)).hasMessageContaining("moov atom not found");
    }

    @Test
    void aFragmentedRecordingThatWasCutOffIsReadAsFarAsItGoes() throws Exception {
        Path whole = make(
                "whole.mp4",
                "-f",
                "lavfi",
                "-i",
                CLIP,
                "-c:v",
                "mpeg4",
                "-g",
                "5",
                "-movflags",
                "frag_keyframe+empty_moov");
        Path cut = folder.resolve("cut.mp4");
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(cut, Arrays.copyOf(bytes, bytes.length * 6 / 10));

        Reading reading = read(cut);

        assertThat(reading.millis().size()).isBetween(8, 19);
        assertThat(reading.millis())
                .containsExactlyElementsOf(every(200, reading.millis().size()));
    }

    @Test
    void aFileOpensNoOtherFilesNetworks() throws Exception {
        Path list = Files.writeString(
                folder.resolve("list.m3u8"), "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/secret.ts\n#EXT-X-ENDLIST\n");

        assertThatThrownBy(() -> read(list)).isInstanceOf(IOException.class);
    }

    private Path make(String name, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(folder.resolve(name).toString());
        return Ffmpeg.make(all.toArray(String[]::new));
    }

    private static String[] coloured(String colour, String size, String matrix, String range, String... tags) {
        return Stream.concat(
                        Stream.of(
                                "-f",
                                "lavfi",
                                "-i",
                                "color=" + colour + ":s=" + size + ":r=5:d=1",
                                "-vf",
                                "scale=out_color_matrix=" + matrix + ":out_range=" + range + ",format=yuv420p"
                                        + (tags.length == 0 ? ",setparams=colorspace=unknown:range=unknown" : ""),
                                "-c:v",
                                "ffv1"),
                        Arrays.stream(tags))
                .toArray(String[]::new);
    }

    private Path transportStream(String name, int offset) throws Exception {
        return make(
                name, "-f", "lavfi", "-i", CLIP, "-c:v", "mpeg2video", "-output_ts_offset", Integer.toString(offset));
    }

    private Path joined(Path first, Path second) throws IOException {
        Path joined = folder.resolve("joined.ts");
        Files.write(joined, Files.readAllBytes(first));
        Files.write(joined, Files.readAllBytes(second), java.nio.file.StandardOpenOption.APPEND);
        return joined;
    }

    /** A transport stream without the packets of that part of it. */
    private Path withoutPackets(Path whole, double from, double to) throws IOException {
        byte[] bytes = Files.readAllBytes(whole);
        int packets = bytes.length / 188;
        Path file = folder.resolve("lossy.ts");
        byte[] before = Arrays.copyOf(bytes, (int) (packets * from) * 188);
        byte[] after = Arrays.copyOfRange(bytes, (int) (packets * to) * 188, bytes.length);
        Files.write(file, before);
        Files.write(file, after, java.nio.file.StandardOpenOption.APPEND);
        return file;
    }

    private Reading read(Path file) throws IOException {
        return read(file, 0);
    }

    private Reading read(Path file, int quarterTurns) throws IOException {
        Reading reading = new Reading(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0);
        try (VideoReader reader = VideoReader.open(VideoInput.file(file), quarterTurns, notices::add)) {
            for (Optional<VideoFrame> next = reader.next(); next.isPresent(); next = reader.next()) {
                VideoFrame frame = next.get();
                if (frame.damaged()) {
                    reading.damaged().add(reading.millis().size());
                }
                reading.millis().add(frame.at().toMillis());
                try (Mat picture = decode(frame.jpeg())) {
                    reading.sizes().add(List.of(picture.cols(), picture.rows()));
                }
            }
            return new Reading(reading.millis(), reading.damaged(), reading.sizes(), reader.undecodable());
        }
    }

    private void assertColour(Path file, int r, int g, int b) throws IOException {
        try (VideoReader reader = VideoReader.open(VideoInput.file(file), 0, notices::add);
                Mat picture = decode(reader.next().orElseThrow().jpeg())) {
            BytePointer middle = picture.ptr(picture.rows() / 2, picture.cols() / 2);
            int[] bgr = {middle.get(0) & 0xff, middle.get(1) & 0xff, middle.get(2) & 0xff};
            assertThat(bgr[2]).as("red of %s", Arrays.toString(bgr)).isCloseTo(r, within(6));
            assertThat(bgr[1]).as("green of %s", Arrays.toString(bgr)).isCloseTo(g, within(6));
            assertThat(bgr[0]).as("blue of %s", Arrays.toString(bgr)).isCloseTo(b, within(6));
        }
    }

    private static Mat decode(byte[] jpeg) {
        try (BytePointer bytes = new BytePointer(jpeg);
                Mat encoded = new Mat(1, jpeg.length, CV_8UC1, bytes)) {
            return imdecode(encoded, IMREAD_COLOR);
        }
    }

    private static List<Long> every(long millis, int count) {
        return Stream.iterate(0L, at -> at + millis).limit(count).toList();
    }
}
