package io.facestream.cli.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.Main;
import io.facestream.cli.CommandRun;
import io.facestream.cli.terminal.EventLine;
import io.facestream.cli.topics.TopicFollower;
import io.facestream.configuration.Settings;
import io.facestream.embedded.EmbeddedKafka;
import io.facestream.embedded.TestServices;
import io.facestream.identities.Identification.Decision;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.stages.ChildJvm;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients whose broker, a process of its own, is killed, started again, and moved. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokerRestartTest {
    private final String camera = UUID.randomUUID().toString();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int port;
    private ChildJvm broker;
    private CommandRun.Properties properties;

    @BeforeEach
    void pointAtABrokerThatIsNotThere() {
        port = TestServices.freePort();
        properties = new CommandRun.Properties(Map.of("kafka.bootstrap.servers", "127.0.0.1:" + port));
    }

    @AfterEach
    void end() throws Exception {
        properties.close();
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void everyFrameOfAFileArrivesOnceThoughTheBrokerIsKilledMeanwhile() throws Exception {
        int count = 400;
        for (int i = 0; i < count; i++) {
            Files.write(folder.resolve(String.format("%03d.jpg", i)), numbered(i));
        }
        CompletableFuture<Integer> publishing = run("publish", folder.toString(), "--fps", "40", "--camera", camera);
        awaitLine("no broker answers");
        start();
        await().atMost(Duration.ofSeconds(60)).until(() -> frames().size() > 20);

        broker.kill();
        await().atMost(Duration.ofSeconds(60)).until(() -> count("no broker answers") == 2);
        start();

        assertThat(publishing).succeedsWithin(Duration.ofSeconds(90)).isEqualTo(0);
        List<PublishedFrame> frames = frames();
        assertThat(frames)
                .extracting(frame -> (frame.image()[3] & 0xff) << 8 | frame.image()[4] & 0xff)
                .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
        assertThat(PublishedFrame.intervals(frames)).containsOnly(Duration.ofMillis(25));
        assertThat(err.toString().lines())
                .containsExactly(
                        "no broker answers at kafka.bootstrap.servers=127.0.0.1:" + port + ": waiting for one",
                        "the broker answers: going on",
                        "no broker answers at kafka.bootstrap.servers=127.0.0.1:" + port + ": waiting for one",
                        "the broker answers: going on");
        assertThat(out.toString().lines()).containsExactly("Published 400 frames of camera " + camera + ".");
    }

    @Test
    void aBrokerThatComesBackAtAnotherAddressIsFoundAndNoFrameIsLost() throws Exception {
        int count = 400;
        for (int i = 0; i < count; i++) {
            Files.write(folder.resolve(String.format("%03d.jpg", i)), numbered(i));
        }
        start();
        CompletableFuture<Integer> publishing = run("publish", folder.toString(), "--fps", "40", "--camera", camera);
        await().atMost(Duration.ofSeconds(60)).until(() -> frames().size() > 20);
        broker.kill();
        port = TestServices.freePort();
        System.setProperty("kafka.bootstrap.servers", "127.0.0.1:" + port);
        start();

        assertThat(publishing).succeedsWithin(Duration.ofSeconds(90)).isEqualTo(0);
        List<PublishedFrame> frames = frames();
        assertThat(frames.stream().map(PublishedFrame::id).distinct()).hasSize(count);
    }

    @Test
    void watchingGoesOnOverARestartAndATopicMadeAnew() throws Exception {
        IdentityEvent event = SampleEvent.of(camera, Decision.UNKNOWN);
        String line = EventLine.of(event);
        run("watch", "--camera", camera);
        awaitLine("no broker answers");
        start();
        awaitLine("the broker answers");
        publish(event);
        await().atMost(Duration.ofSeconds(30)).until(() -> lines(line) == 1);

        broker.kill();
        await().atMost(Duration.ofSeconds(40)).until(() -> count("no broker answers") == 2);
        start();
        publish(event);
        await().atMost(Duration.ofSeconds(60)).until(() -> lines(line) == 2);
        assertThat(count("no broker answers")).isEqualTo(2);

        for (int i = 0; i < 3; i++) {
            publish(event);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> lines(line) == 5);
        KafkaConnection kafka = KafkaConnection.to("127.0.0.1:" + port);
        try (Admin admin = kafka.admin()) {
            admin.deleteTopics(List.of(Topic.IDENTITY_EVENTS.topicName())).all().get();
        }
        Thread.sleep(2_000);
        TopicFollower.ensure(Settings.load(), List.of(Topic.IDENTITY_EVENTS));
        publish(event);
        await().atMost(Duration.ofSeconds(60)).until(() -> lines(line) == 6);
    }

    /** A mebibyte each: 8 fit under way, 32 may wait. */
    @Test
    void ofALiveCamerasFramesTheNewestAreKeptWhileNoBrokerAnswers() throws Exception {
        start();
        try (FrameOutbox outbox = FrameOutbox.open(true, new PrintWriter(err, true)::println, new CountDownLatch(1))
                .orElseThrow()) {
            outbox.put(frame(0));
            await().atMost(Duration.ofSeconds(30)).until(() -> outbox.acknowledged() == 1);
            broker.kill();
            for (int i = 1; i <= 100; i++) {
                outbox.put(frame(i));
                Thread.sleep(20);
            }
            awaitLine("no broker answers");
            start();

            assertThat(outbox.finish(Duration.ofMinutes(2))).isZero();
            List<Integer> arrived =
                    frames().stream().map(frame -> frame.image()[0] & 0xff).toList();
            assertThat(arrived).isSorted().doesNotHaveDuplicates().contains(0);
            assertThat(arrived)
                    .containsAll(IntStream.rangeClosed(70, 100).boxed().toList());
            assertThat(arrived).hasSizeBetween(30, 45);
            assertThat(outbox.acknowledged()).isEqualTo(arrived.size());
            assertThat(outbox.replaced()).isEqualTo(101 - arrived.size());
            assertThat(err.toString())
                    .contains("the newest 32 MiB of frames are kept")
                    .contains("the broker answers: going on; " + outbox.replaced()
                            + " frames were left out in the meantime");
        }
    }

    /** Begins as a JPEG does. */
    private static byte[] numbered(int number) {
        return new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) (number >> 8), (byte) number};
    }

    private ProducerRecord<byte[], byte[]> frame(int number) {
        byte[] image = new byte[1 << 20];
        image[0] = (byte) number;
        return new ProducerRecord<>(Topic.CAMERA_FRAMES.topicName(), camera.getBytes(UTF_8), image);
    }

    private void start() throws Exception {
        broker = ChildJvm.start(EmbeddedKafka.class, folder.resolve("kafka").toString(), Integer.toString(port));
        broker.awaitLine("ready ");
    }

    private CompletableFuture<Integer> run(String... arguments) {
        return CompletableFuture.supplyAsync(() -> Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments));
    }

    private List<PublishedFrame> frames() {
        return PublishedFrame.of(camera, "127.0.0.1:" + port);
    }

    private void publish(IdentityEvent event) {
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaConnection.to("127.0.0.1:" + port).producer(Map.of())) {
            producer.send(CloudEventRecords.write(
                    Topic.IDENTITY_EVENTS,
                    0,
                    camera.getBytes(UTF_8),
                    CloudEventBuilder.v1()
                            .withId(UUID.randomUUID().toString())
                            .withSource(URI.create("/test"))
                            .withType(IdentityEvent.TYPE)
                            .withData("application/json", Json.write(event))
                            .build()));
        }
    }

    private void awaitLine(String start) {
        await().atMost(Duration.ofSeconds(60)).until(() -> count(start) > 0);
    }

    private long count(String start) {
        return err.toString().lines().filter(line -> line.startsWith(start)).count();
    }

    private long lines(String line) {
        return out.toString().lines().filter(line::equals).count();
    }
}
