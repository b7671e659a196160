package io.facestream.cli.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FramePlayerTest {
    private final String camera = UUID.randomUUID().toString();

    private final List<String> notices = new ArrayList<>();

    @TempDir
    private Path folder;

    /** Points the commands at the tests\' services until the test ends. */
    @AutoClose
    private final CommandRun.Properties properties = new CommandRun.Properties(CommandRun.kafka());

    @Test
    void roundsOfPicturesFollowEachOtherAtTheSamePace() throws Exception {
        Footage footage = new Footage.Pictures(List.of(
                Files.write(folder.resolve("a.jpg"), startOfJpeg(1)),
                Files.write(folder.resolve("b.jpg"), startOfJpeg(2))));

        List<PublishedFrame> frames = playThreeTimes(footage, OptionalDouble.of(4));

        assertThat(frames).hasSize(6);
        assertThat(PublishedFrame.intervals(frames)).containsOnly(Duration.ofMillis(250));
    }

    @Test
    void roundsOfAVideoFollowEachOtherAtTheSamePace() throws Exception {
        Path video = folder.resolve("clip.mp4");
        SyntheticVideo.write(video, 5, 10);

        List<PublishedFrame> frames = playThreeTimes(new Footage.Video(video), OptionalDouble.empty());

        assertThat(frames).hasSize(15);
        assertThat(PublishedFrame.intervals(frames)).containsOnly(Duration.ofMillis(100));
    }

    private static byte[] startOfJpeg(int content) {
        return new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) content};
    }

    private List<PublishedFrame> playThreeTimes(Footage footage, OptionalDouble framesPerSecond) throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        try (FrameOutbox outbox = FrameOutbox.open(false, notices::add, stop).orElseThrow()) {
            FramePlayer player = new FramePlayer(outbox, camera, Playback.plain(framesPerSecond), false, stop);
            for (int round = 0; round < 3; round++) {
                player.play(footage);
            }
            assertThat(outbox.finish(Duration.ZERO)).isZero();
        }
        assertThat(notices).isEmpty();
        return PublishedFrame.of(camera);
    }
}
