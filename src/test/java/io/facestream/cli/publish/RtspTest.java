package io.facestream.cli.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.facestream.cli.CommandRun;
import io.facestream.embedded.TestServices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Against GStreamer's RTSP server, which cameras have inside as well. */
class RtspTest {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private static final String SERVER =
            """
            import sys, gi
            gi.require_version("Gst", "1.0")
            gi.require_version("GstRtspServer", "1.0")
            from gi.repository import Gst, GLib, GstRtspServer
            Gst.init(None)
            server = GstRtspServer.RTSPServer(service=sys.argv[1])
            camera = GstRtspServer.RTSPMediaFactory(shared=True, launch="( videotestsrc is-live=true"
                " ! video/x-raw,format=I420,width=160,height=120,framerate=20/1 ! jpegenc ! rtpjpegpay name=pay0 )")
            server.get_mount_points().add_factory("/camera", camera)
            server.attach(None)
            print("ready", flush=True)
            GLib.MainLoop().run()
            """;

    private final String camera = UUID.randomUUID().toString();
    /** Points the commands at the tests\' services until the test ends. */
    @AutoClose
    private final CommandRun.Properties properties = new CommandRun.Properties(CommandRun.kafka());

    @Test
    void aStreamIsPublishedAsItComesAndAgainAfterItsServerWasAway() throws Exception {
        assumeServer();
        int port = TestServices.freePort();
        List<String> notices = new CopyOnWriteArrayList<>();
        Process server = serve(port);
        CountDownLatch stop = new CountDownLatch(1);
        Playback playback = new Playback(OptionalDouble.of(5), Playback.Damaged.SKIP, 0, notices::add);
        try (FrameOutbox outbox = FrameOutbox.open(true, notices::add, stop).orElseThrow()) {
            FramePlayer player = new FramePlayer(outbox, camera, playback, true, stop);
            CompletableFuture<Void> playing =
                    play(player, Footage.of(List.of("rtsp://user:secret@127.0.0.1:" + port + "/camera"), notices::add));
            awaitFrames(playing, 12);

            stop(server);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> notices.stream().anyMatch(line -> line.contains("broke off")));
            int before = PublishedFrame.of(camera).size();
            server = serve(port);
            awaitFrames(playing, before + 5);

            player.stop();
            assertThat(playing).succeedsWithin(Duration.ofMinutes(1));
            assertThat(outbox.finish(Duration.ofSeconds(10))).isZero();
            assertThat(PublishedFrame.of(camera))
                    .hasSize((int) outbox.acknowledged())
                    .isSortedAccordingTo((a, b) -> a.time().compareTo(b.time()));
            assertThat((double) player.tally().frames() / outbox.acknowledged())
                    .as("frames of the stream to one that is taken: 5 of 20 a second, however late they come")
                    .isBetween(3.0, 5.0);
        } finally {
            stop(server);
        }
        String stream = "rtsp://127.0.0.1:" + port + "/camera";
        assertThat(notices)
                .startsWith(stream + " broke off: it ended; trying again until it is back")
                .endsWith(stream + " is back");
    }

    private static CompletableFuture<Void> play(FramePlayer player, Footage footage) {
        return CompletableFuture.runAsync(() -> {
            try {
                player.play(footage);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void awaitFrames(CompletableFuture<Void> playing, int count) {
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            assertThat(playing).isNotDone();
            return PublishedFrame.of(camera).size() >= count;
        });
    }

    private static void assumeServer() throws Exception {
        String imports =
                """
                import gi
                gi.require_version("GstRtspServer", "1.0")
                from gi.repository import Gst, GstRtspServer
                Gst.init(None)
                assert all(map(Gst.ElementFactory.find, ["videotestsrc", "jpegenc", "rtpjpegpay"]))
                """;
        assumeTrue(
                Files.isExecutable(PYTHON)
                        && new ProcessBuilder(PYTHON.toString(), "-c", imports)
                                        .redirectErrorStream(true)
                                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                        .start()
                                        .waitFor()
                                == 0,
                "no RTSP server: apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good");
    }

    private static Process serve(int port) throws IOException {
        Process process = new ProcessBuilder(PYTHON.toString(), "-c", SERVER, Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        assertThat(out.readLine()).isEqualTo("ready");
        return process;
    }

    private static void stop(Process server) throws InterruptedException {
        server.destroyForcibly().waitFor();
    }
}
