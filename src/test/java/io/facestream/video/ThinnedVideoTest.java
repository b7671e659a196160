package io.facestream.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames that nobody wants, and from which no other is predicted, are not decoded. */
class ThinnedVideoTest {
    private static final int SECONDS = 6;

    @TempDir
    private Path folder;

    /** What became of a recording that was thinned to so many frames a second. */
    private record Played(int decoded, long packets, List<Duration> taken, byte[] last) {}

    private static Played play(Path file, double wanted, boolean thin) throws IOException {
        List<Duration> taken = new ArrayList<>();
        int decoded = 0;
        byte[] last = null;
        FrameSampling sampling = new FrameSampling(wanted);
        try (VideoReader reader = VideoReader.open(VideoInput.file(file), 0, notice -> {})) {
            if (thin) {
                reader.thinTo(wanted);
            }
            for (Optional<VideoFrame> next = reader.next(); next.isPresent(); next = reader.next()) {
                decoded++;
                VideoFrame frame = next.get();
                assertThat(frame.damaged()).isFalse();
                if (sampling.takes(frame.at().toNanos() / 1_000)) {
                    taken.add(frame.at());
                    last = frame.jpeg();
                }
            }
            assertThat(reader.undecodable()).isZero();
            return new Played(decoded, reader.packets(), taken, last);
        }
    }

    private Path film(String name, String... encoding) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=" + SECONDS, "-pix_fmt", "yuv420p"));
        arguments.addAll(List.of(encoding));
        arguments.add(folder.resolve(name).toString());
        return Ffmpeg.make(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({"mjpeg.mkv, mjpeg, 2", "mpeg4.mkv, mpeg4, 2", "mpeg2.mpg, mpeg2video, 2"})
    void eachSlotHasItsFrameWhateverTheCodecAndTheOrder(String name, String codec, String bFrames) throws Exception {
        Path file = codec.equals("mjpeg")
                ? film(name, "-c:v", codec, "-q:v", "3")
                : film(name, "-c:v", codec, "-q:v", "3", "-bf", bFrames);
        Played whole = play(file, 5, false);
        Played thinned = play(file, 5, true);

        assertThat(whole.decoded()).isEqualTo(25 * SECONDS);
        assertThat(thinned.decoded()).isLessThan(whole.decoded() * 3 / 4);
        assertThat(thinned.packets()).isEqualTo(whole.packets());
        assertThat(thinned.taken()).hasSameSizeAs(whole.taken()).hasSize(5 * SECONDS);
        for (int i = 0; i < whole.taken().size(); i++) {
            assertThat(thinned.taken().get(i).minus(whole.taken().get(i)))
                    .as("frame %d is of the same fifth of a second", i)
                    .isBetween(Duration.ZERO, Duration.ofMillis(199));
        }
    }

    @Test
    void ofMotionJpegOnlyWhatIsWantedIsDecodedAndItIsTheSame() throws Exception {
        Path file = film("mjpeg.mkv", "-c:v", "mjpeg", "-q:v", "3");
        Played thinned = play(file, 5, true);

        assertThat(thinned.decoded()).isLessThanOrEqualTo(5 * SECONDS + 1);
        assertThat(thinned.last()).isEqualTo(play(file, 5, false).last());
    }

    @Test
    void moreFramesThanThereAreMayBeWanted() throws Exception {
        Path file = film("few.mkv", "-c:v", "mpeg4", "-bf", "2");

        assertThat(play(file, 60, true).decoded()).isEqualTo(25 * SECONDS);
    }

    @Test
    void whereEveryFrameIsNeededForTheNextAllAreDecoded() throws Exception {
        Path file = film("chain.mkv", "-c:v", "mpeg4", "-bf", "0");
        Played thinned = play(file, 5, true);

        assertThat(thinned.decoded()).isEqualTo(25 * SECONDS);
        assertThat(thinned.last()).isEqualTo(play(file, 5, false).last());
    }
}
