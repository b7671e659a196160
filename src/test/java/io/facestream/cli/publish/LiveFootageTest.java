package io.facestream.cli.publish;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.facestream.cli.CommandRun;
import io.facestream.embedded.TestServices;
import io.facestream.video.Ffmpeg;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cameras that are off, come, go, and come again; here one that speaks Motion JPEG over HTTP, as the cheapest do. */
class LiveFootageTest {
    private final String camera = UUID.randomUUID().toString();
    private final List<String> notices = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    /** Points the commands at the tests\' services until the test ends. */
    @AutoClose
    private final CommandRun.Properties properties = new CommandRun.Properties(CommandRun.kafka());

    @Test
    void aCameraThatIsOffAtTheStartAndLaterOnIsWaitedFor() throws Exception {
        byte[] jpeg = Files.readAllBytes(Ffmpeg.make(
                "-f",
                "lavfi",
                "-i",
                "color=red:s=64x48:d=0.04",
                "-frames:v",
                "1",
                folder.resolve("a.jpg").toString()));
        int port = TestServices.freePort();
        String address = "http://127.0.0.1:" + port + "/video.mjpg";
        CountDownLatch stop = new CountDownLatch(1);
        try (FrameOutbox outbox = FrameOutbox.open(true, notices::add, stop).orElseThrow()) {
            FramePlayer player = new FramePlayer(
                    outbox,
                    camera,
                    new Playback(OptionalDouble.empty(), Playback.Damaged.SKIP, 0, notices::add),
                    true,
                    stop);
            Footage footage = Footage.of(List.of(address.replace("://", "://admin:s#cret@")), notices::add);
            CompletableFuture<Void> playing = CompletableFuture.runAsync(() -> {
                try {
                    player.play(footage);
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().atMost(Duration.ofMinutes(1)).until(() -> notices.size() == 1);
            try (Camera first = new Camera(port, jpeg)) {
                await().atMost(Duration.ofSeconds(40)).until(() -> outbox.acknowledged() >= 5);
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> notices.size() == 3);
            long before = outbox.acknowledged();
            try (Camera second = new Camera(port, jpeg)) {
                await().atMost(Duration.ofSeconds(40)).until(() -> outbox.acknowledged() >= before + 5);
                player.stop();
                assertThat(playing).succeedsWithin(Duration.ofMinutes(1));
            }
            assertThat(outbox.finish(Duration.ofSeconds(10))).isZero();
            assertThat(PublishedFrame.of(camera)).hasSize((int) outbox.acknowledged());
        }
        assertThat(notices)
                .first()
                .asString()
                .startsWith("cannot open " + address + ": Connection refused")
                .endsWith("; trying again until it is there");
        assertThat(notices).contains(address + " is back").noneMatch(line -> line.contains("cret@"));
        assertThat(notices.get(2)).startsWith(address + " broke off: ").endsWith("; trying again until it is back");
    }

    /** Sends the same picture, ten times a second. */
    private static final class Camera implements AutoCloseable {
        private final HttpServer server;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private volatile boolean off;

        Camera(int port, byte[] jpeg) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.setExecutor(threads);
            server.createContext("/video.mjpg", exchange -> {
                exchange.getResponseHeaders().add("Content-Type", "multipart/x-mixed-replace; boundary=frame");
                exchange.sendResponseHeaders(200, 0);
                try (OutputStream out = exchange.getResponseBody()) {
                    while (!off) {
                        out.write(("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + jpeg.length + "\r\n\r\n")
                                .getBytes(US_ASCII));
                        out.write(jpeg);
                        out.write("\r\n".getBytes(US_ASCII));
                        out.flush();
                        Thread.sleep(100);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            server.start();
        }

        @Override
        public void close() {
            off = true;
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
