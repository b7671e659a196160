package io.facestream.cli.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_GRAYSCALE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.Main;
import io.facestream.cli.CommandRun;
import io.facestream.embedded.TestServices;
import io.facestream.video.Ffmpeg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishCommandTest {
    private static final byte[] JPEG_START = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
    private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /** A topic for all tests: each has a camera of its own. */
    private final String camera = "gate " + UUID.randomUUID();

    @TempDir
    private Path folder;

    /** Points the commands at the tests\' services until the test ends. */
    @AutoClose
    private final CommandRun.Properties properties = new CommandRun.Properties(CommandRun.kafka());

    @Test
    void aFoldersPicturesArePublishedInTheOrderOfTheirNamesAndByteForByte() throws Exception {
        byte[] second = write("b.JPG", JPEG_START, 2);
        byte[] third = write("c.jpeg", JPEG_START, 3);
        byte[] first = write("a.PNG", PNG_START, 1);
        write("notes.txt", JPEG_START, 4);
        Files.createDirectory(folder.resolve("nested.jpg"));

        CommandRun run = publish(folder.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.outLines()).containsExactly("Published 3 frames of camera " + camera + ".");
        assertThat(PublishedFrame.of(camera)).extracting(PublishedFrame::image).containsExactly(first, second, third);
    }

    @Test
    void framesAreCloudEventsOfTheirCamera() throws Exception {
        write("a.png", PNG_START, 1);
        write("b.jpg", JPEG_START, 2);
        Instant before = Instant.now();

        publish(folder.toString());

        List<PublishedFrame> frames = PublishedFrame.of(camera);
        assertThat(frames).hasSize(2).allSatisfy(frame -> {
            assertThat(frame.key()).isEqualTo(camera);
            assertThat(frame.headers())
                    .containsEntry("ce_specversion", "1.0")
                    .containsEntry("ce_type", "io.facestream.camera-frame.v1")
                    .containsEntry("ce_source", "/cameras/" + camera.replace(" ", "%20"))
                    .containsEntry("ce_subject", camera);
            assertThat(frame.time()).isBetween(before, Instant.now());
        });
        assertThat(frames)
                .extracting(frame -> frame.headers().get("content-type"))
                .containsExactly("image/png", "image/jpeg");
        assertThat(frames.get(0).time()).isBeforeOrEqualTo(frames.get(1).time());
    }

    @Test
    void idsStayUniqueWhenTheSameIsPublishedAgain() throws Exception {
        write("a.jpg", JPEG_START, 1);
        write("b.jpg", JPEG_START, 2);

        publish(folder.toString());
        publish(folder.toString());

        assertThat(PublishedFrame.of(camera))
                .extracting(PublishedFrame::id)
                .hasSize(4)
                .doesNotHaveDuplicates();
    }

    @Test
    void aGlobTakesThePicturesThatItMatches() throws Exception {
        byte[] ten = write("door-10.jpg", JPEG_START, 1);
        byte[] twelve = write("door-12.jpg", JPEG_START, 2);
        write("door-2.jpg", JPEG_START, 3);
        write("door-13.txt", JPEG_START, 4);

        assertThat(publish(folder.resolve("door-1?.*").toString()).exitCode()).isZero();

        assertThat(PublishedFrame.of(camera)).extracting(PublishedFrame::image).containsExactly(ten, twelve);
    }

    @Test
    void anyPartOfAGlobMayBeAPattern() throws Exception {
        for (String name : List.of("2024/Ada", "2024/[Bob]", "2024/notes", "2025/Ada")) {
            Files.createDirectories(folder.resolve(name));
        }
        byte[] ada = write("2024/Ada/a.jpg", JPEG_START, 1);
        byte[] bob = write("2024/[Bob]/b.jpg", JPEG_START, 2);
        write("2024/Ada/a.txt", JPEG_START, 3);
        write("2024/c.jpg", JPEG_START, 4);
        byte[] later = write("2025/Ada/d.jpg", JPEG_START, 5);

        assertThat(PictureFiles.list(folder.resolve("2024/*/*.jpg").toString()))
                .containsExactly(folder.resolve("2024/Ada/a.jpg"), folder.resolve("2024/[Bob]/b.jpg"));
        assertThat(PictureFiles.list(folder.resolve("2024/[Bob]/*.jpg").toString()))
                .containsExactly(folder.resolve("2024/[Bob]/b.jpg"));
        assertThat(PictureFiles.list(folder.resolve("*/Ad?/{b,d}.jpg").toString()))
                .containsExactly(folder.resolve("2025/Ada/d.jpg"));
        assertThat(publish(folder.resolve("20*/*/*.jpg").toString()).exitCode()).isZero();
        assertThat(PublishedFrame.of(camera)).extracting(PublishedFrame::image).containsExactly(ada, bob, later);
    }

    @Test
    void picturesAreTakenInTheOrderTheyAreGivenIn() throws Exception {
        byte[] a = write("a.jpg", JPEG_START, 1);
        byte[] b = write("b[1].jpg", JPEG_START, 2);

        publish(folder.resolve("b[1].jpg").toString(), folder.resolve("a.jpg").toString());

        assertThat(PublishedFrame.of(camera)).extracting(PublishedFrame::image).containsExactly(b, a);
    }

    @Test
    void picturesAreSpacedByFpsInCaptureTimeAndInReality() throws Exception {
        for (int i = 0; i < 4; i++) {
            write(i + ".jpg", JPEG_START, i);
        }
        Instant before = Instant.now();

        publish(folder.toString(), "--fps", "8");

        assertThat(Duration.between(before, Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(3 * 125));
        assertThat(PublishedFrame.intervals(PublishedFrame.of(camera)))
                .hasSize(3)
                .containsOnly(Duration.ofMillis(125));
    }

    @Test
    void aVideosFramesBecomeJpegsAsFarApartAsInTheVideo() throws Exception {
        Path video = folder.resolve("a:b %d.mp4");
        SyntheticVideo.write(video, 20, 10);

        CommandRun run = publish(video.toString(), "--unpaced");

        assertThat(run.exitCode()).as(run.err()).isZero();
        List<PublishedFrame> frames = PublishedFrame.of(camera);
        assertThat(frames).hasSize(20);
        assertThat(PublishedFrame.intervals(frames)).containsOnly(Duration.ofMillis(100));
        assertThat(frames).allSatisfy(frame -> {
            assertThat(frame.headers()).containsEntry("content-type", "image/jpeg");
            assertThat(Arrays.copyOf(frame.image(), 3)).isEqualTo(JPEG_START);
        });
        assertThat(whiteHalf(frames.get(19).image(), SyntheticVideo.WIDTH, SyntheticVideo.HEIGHT))
                .isEqualTo("top");
    }

    @Test
    void aVideoIsPlayedAtItsOwnSpeed() throws Exception {
        Path video = folder.resolve("clip.mp4");
        SyntheticVideo.write(video, 10, 10);
        Instant before = Instant.now();

        publish(video.toString());

        assertThat(Duration.between(before, Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(900));
        assertThat(PublishedFrame.of(camera)).hasSize(10);
    }

    @ParameterizedTest
    @CsvSource({"1,2", "2,4", "5,10", "10,20", "25,20"})
    void fpsSamplesAVideo(double framesPerSecond, int expected) throws Exception {
        Path video = folder.resolve("clip.mp4");
        SyntheticVideo.write(video, 20, 10);

        publish(video.toString(), "--unpaced", "--fps", Double.toString(framesPerSecond));

        List<PublishedFrame> frames = PublishedFrame.of(camera);
        assertThat(frames).hasSize(expected);
        assertThat(PublishedFrame.intervals(frames))
                .containsOnly(Duration.ofMillis(Math.round(1_000 / Math.min(10, framesPerSecond))));
    }

    @Test
    void aVideoThatAPhoneHeldUprightTookIsTurnedUpright() throws Exception {
        Path video = folder.resolve("phone.mp4");
        SyntheticVideo.write(video, 2, 10);
        SyntheticVideo.turnClockwise(video);

        publish(video.toString(), "--unpaced");

        assertThat(whiteHalf(PublishedFrame.of(camera).get(0).image(), SyntheticVideo.HEIGHT, SyntheticVideo.WIDTH))
                .isEqualTo("right");
    }

    @Test
    void aTooLargePictureIsNamedAndTheOthersArePublished() throws Exception {
        byte[] before = write("a.jpg", JPEG_START, 1);
        Files.write(folder.resolve("b.jpg"), Arrays.copyOf(JPEG_START, (8 << 20) - (64 << 10) + 1));
        byte[] largest = Arrays.copyOf(JPEG_START, (8 << 20) - (64 << 10));
        Files.write(folder.resolve("c.jpg"), largest);

        CommandRun run = publish(folder.toString(), "--json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith(folder.resolve("b.jpg") + " is left out, as it has more than");
        JsonNode summary = new ObjectMapper().readTree(run.out());
        assertThat(summary.get("camera").asText()).isEqualTo(camera);
        assertThat(summary.get("published").asInt()).isEqualTo(2);
        assertThat(summary.get("tooLarge"))
                .extracting(JsonNode::asText)
                .containsExactly(folder.resolve("b.jpg").toString());
        assertThat(PublishedFrame.of(camera)).extracting(PublishedFrame::image).containsExactly(before, largest);
    }

    @Test
    void whatIsMissingIsNamedInOneLineAndNothingIsPublished() throws Exception {
        write("a.jpg", JPEG_START, 1);
        String missing = folder.resolve("b.jpg").toString();

        CommandRun run = publish(folder.resolve("a.jpg").toString(), missing);

        assertFailsWith(run, "facestream publish: no picture and no video at " + missing);
        assertThat(PublishedFrame.of(camera)).isEmpty();
    }

    @Test
    void anEmptyFolderIsAFailure() {
        assertFailsWith(publish(folder.toString()), "facestream publish: no picture and no video at " + folder);
    }

    @Test
    void videosInAFolderAreNotLeftOutInSilence() throws Exception {
        byte[] picture = write("a.jpg", JPEG_START, 1);
        SyntheticVideo.write(folder.resolve("b.mp4"), 2, 10);

        CommandRun run = publish(folder.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.err().lines()).containsExactly(folder + ": 1 videos are left out; publish each by its own name");
        assertThat(PublishedFrame.of(camera)).extracting(PublishedFrame::image).containsExactly(picture);
    }

    @Test
    void aFolderOfVideosIsAFailureThatSaysWhatToDo() throws Exception {
        SyntheticVideo.write(folder.resolve("b.mp4"), 2, 10);

        assertFailsWith(
                publish(folder.toString()),
                "facestream publish: no picture at " + folder + ", only videos: publish each by its own name");
    }

    @Test
    void aFileThatIsNoVideoIsAFailure() throws Exception {
        Path text = Files.writeString(folder.resolve("notes.txt"), "no video");

        assertFailsWith(
                publish(text.toString()),
                "facestream publish: cannot open " + text + ": Invalid data found when processing input");
    }

    @Test
    void aVideoWithoutPicturesIsAFailureEvenInALoop() throws Exception {
        Path sound = folder.resolve("sound.wav");
        SyntheticVideo.writeSound(sound);

        assertFailsWith(
                publish(sound.toString(), "--loop"),
                "facestream publish: " + sound + " has no pictures: it contains no video");
    }

    @Test
    void damagedFramesAreLeftOutAndCounted() throws Exception {
        Path video = lossy();

        CommandRun run = publish(video.toString(), "--unpaced", "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode summary = new ObjectMapper().readTree(run.out());
        int damaged = summary.get("damaged").asInt();
        int whole = summary.get("published").asInt();
        assertThat(damaged).isPositive();
        assertThat(run.err().lines())
                .hasSizeGreaterThanOrEqualTo(2)
                .anyMatch(line -> line.matches(".*lossy.ts: damaged at [0-9.]+ s; frames are left out.*"))
                .last()
                .isEqualTo(damaged + " of " + (damaged + whole) + " frames were damaged and left out");
        assertThat(PublishedFrame.of(camera)).hasSize(whole).allSatisfy(frame -> assertThat(frame.headers())
                .doesNotContainKey("facestream_damaged"));
    }

    @Test
    void damagedFramesArePublishedWithAMarkWhereThatIsWanted() throws Exception {
        CommandRun run = publish(lossy().toString(), "--unpaced", "--damaged", "publish", "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        int damaged = new ObjectMapper().readTree(run.out()).get("damaged").asInt();
        assertThat(PublishedFrame.of(camera))
                .filteredOn(frame -> "1".equals(frame.headers().get("facestream_damaged")))
                .hasSize(damaged)
                .isNotEmpty();
    }

    @Test
    void aVideoOfWhichNoFrameIsWholeIsAFailure() throws Exception {
        Path video = Ffmpeg.recording("loss4.ts", folder);

        CommandRun run = publish(video.toString(), "--unpaced");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .contains("18 of 18 frames were damaged and left out")
                .last()
                .isEqualTo("facestream publish: " + video
                        + ": all of its 18 frames are damaged; --damaged=publish publishes them");
        assertThat(PublishedFrame.of(camera)).isEmpty();
    }

    /** A video whose second half lacks a piece. */
    private Path lossy() throws Exception {
        Path whole = Ffmpeg.make(
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=640x480:rate=5:duration=6",
                "-c:v",
                "mpeg2video",
                "-g",
                "10",
                "-bf",
                "0",
                "-b:v",
                "1M",
                folder.resolve("whole.ts").toString());
        byte[] bytes = Files.readAllBytes(whole);
        int from = bytes.length / 188 / 2 * 188;
        Path lossy = folder.resolve("lossy.ts");
        Files.write(lossy, Arrays.copyOf(bytes, from));
        Files.write(lossy, Arrays.copyOfRange(bytes, from + 10 * 188, bytes.length), StandardOpenOption.APPEND);
        return lossy;
    }

    @Test
    void rawVideoIsSampledAndPacedByItsFrameRate() throws Exception {
        Path video = Ffmpeg.recording("raw.h264", folder);
        Instant before = Instant.now();

        CommandRun run = publish(video.toString(), "--fps", "1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(Duration.between(before, Instant.now())).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
        List<PublishedFrame> frames = PublishedFrame.of(camera);
        assertThat(frames).hasSize(4);
        assertThat(PublishedFrame.intervals(frames)).containsOnly(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({"90, right", "180, bottom", "270, left"})
    void aCameraThatHangsTurnedIsTurnedUpright(int degrees, String half) throws Exception {
        Path video = folder.resolve("clip.mp4");
        SyntheticVideo.write(video, 2, 10);

        publish(video.toString(), "--unpaced", "--rotate", Integer.toString(degrees));

        boolean quarter = degrees != 180;
        assertThat(whiteHalf(
                        PublishedFrame.of(camera).get(0).image(),
                        quarter ? SyntheticVideo.HEIGHT : SyntheticVideo.WIDTH,
                        quarter ? SyntheticVideo.WIDTH : SyntheticVideo.HEIGHT))
                .isEqualTo(half);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "webcam:x",
                "webcam:-1",
                "rtsp://admin:secret@host/1 rtsp://admin:secret@host/2",
                "FOLDER/clip.mp4 FOLDER/a.jpg",
                "FOLDER/a.jpg FOLDER/clip.mp4",
                "FOLDER/a.jpg webcam:0",
                "FOLDER --fps 0",
                "FOLDER --fps -1",
                "FOLDER --fps NaN",
                "FOLDER --fps many",
                "FOLDER --no-such-option",
                "FOLDER/clip.mp4 --rotate 45",
                "FOLDER/clip.mp4 --rotate 360",
                "FOLDER --rotate 90",
                "FOLDER/clip.mp4 --damaged hide",
                "rtsp://",
                "rtsp://admin:secret@host:x/1",
                "ftp://admin:secret@host/1",
                "FOLDER/[",
                "--fps 1"
            })
    void wrongUsageIsExplainedBeforeAnythingIsDone(String arguments) throws Exception {
        write("a.jpg", JPEG_START, 1);
        write("clip.mp4", JPEG_START, 2);

        CommandRun run = publish(arguments.replace("FOLDER", folder.toString()).split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Usage: facestream publish").doesNotContain("secret");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"' ', a name must not be blank", "a\u200bb, U+200B ZERO WIDTH SPACE at position 2"})
    void aNameThatNoCameraCanHaveIsWrongUsage(String name, String said) throws Exception {
        write("a.jpg", JPEG_START, 1);

        CommandRun run = CommandRun.of("publish", folder.toString(), "--camera", name);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'--camera'").contains(said);
    }

    @Test
    void whatIsNoPictureOrCannotBeReadIsToldOnceAndTheOthersArePublished() throws Exception {
        write("1.jpg", JPEG_START, 1);
        Files.writeString(folder.resolve("2.jpg"), "<html>not found</html>");
        Files.createFile(folder.resolve("3.jpg"));
        write("4.png", PNG_START, 4);

        CommandRun run = publish(folder.toString(), "--json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly(
                        folder.resolve("2.jpg") + " is not a picture: neither JPEG, PNG nor WebP (first bytes"
                                + " 3c 68 74 6d 6c 3e 6e 6f); left out",
                        folder.resolve("3.jpg") + " is not a picture: it is empty; left out");
        assertThat(PublishedFrame.of(camera)).hasSize(2);
        JsonNode summary = new ObjectMapper().readTree(run.out());
        assertThat(summary.get("published").asInt()).isEqualTo(2);
        assertThat(summary.get("unusable")).hasSize(2);
    }

    @Test
    void picturesOfWhichNoneCanBePublishedAreAFailure() throws Exception {
        Files.writeString(folder.resolve("1.jpg"), "<html>not found</html>");

        CommandRun run = publish(folder.toString(), "--loop");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines().skip(1))
                .containsExactly("facestream publish: none of the pictures can be published");
    }

    @Test
    void aCamerasNameIsPublishedInOneFormHoweverItIsTyped() throws Exception {
        write("a.jpg", JPEG_START, 1);

        CommandRun run = CommandRun.of("publish", folder.toString(), "--camera", "Tu\u0308r  " + camera);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(PublishedFrame.of("T\u00fcr " + camera)).hasSize(1);
    }

    @Test
    void aProcessThatIsAskedToEndHasPublishedWhatItSays() throws Exception {
        write("a.jpg", JPEG_START, 1);
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dkafka.bootstrap.servers=" + TestServices.kafka().bootstrapServers(),
                        Main.class.getName(),
                        "publish",
                        folder.resolve("a.jpg").toString(),
                        "--loop",
                        "--fps=50",
                        "--json",
                        "--camera=" + camera)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> PublishedFrame.of(camera).size() >= 20);
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

        JsonNode summary = new ObjectMapper().readTree(Files.readString(out, UTF_8));
        List<PublishedFrame> frames = PublishedFrame.of(camera);
        assertThat(summary.get("published").asInt()).isEqualTo(frames.size());
        assertThat(Collections.min(PublishedFrame.intervals(frames))).isEqualTo(Duration.ofMillis(20));
    }

    private CommandRun publish(String... arguments) {
        List<String> all = new ArrayList<>(List.of("publish", "--camera", camera));
        all.addAll(List.of(arguments));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private static void assertFailsWith(CommandRun run, String line) {
        assertThat(run.err().lines()).containsExactly(line);
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(1);
    }

    /** A file that starts like a picture; nothing is decoded here. */
    private byte[] write(String name, byte[] start, int content) throws IOException {
        byte[] bytes = Arrays.copyOf(start, 100);
        bytes[99] = (byte) content;
        Files.write(folder.resolve(name), bytes);
        return bytes;
    }

    /** Which half of a picture, of that size, is white. */
    private static String whiteHalf(byte[] jpeg, int width, int height) {
        try (BytePointer bytes = new BytePointer(jpeg);
                Mat encoded = new Mat(1, jpeg.length, CV_8UC1, bytes);
                Mat picture = imdecode(encoded, IMREAD_GRAYSCALE)) {
            assertThat(List.of(picture.cols(), picture.rows())).containsExactly(width, height);
            boolean topLeft = white(picture, width / 8, height / 8);
            boolean topRight = white(picture, width * 7 / 8, height / 8);
            boolean bottomLeft = white(picture, width / 8, height * 7 / 8);
            boolean bottomRight = white(picture, width * 7 / 8, height * 7 / 8);
            assertThat(topLeft).isNotEqualTo(bottomRight);
            if (topLeft == topRight) {
                return topLeft ? "top" : "bottom";
            }
            assertThat(topLeft).isEqualTo(bottomLeft);
            return topLeft ? "left" : "right";
        }
    }

    private static boolean white(Mat picture, int x, int y) {
        return (picture.ptr(y, x).get() & 0xff) > 128;
    }
}
