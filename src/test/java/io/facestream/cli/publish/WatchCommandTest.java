package io.facestream.cli.publish;

import static io.facestream.cli.publish.SampleEvent.candidate;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.Main;
import io.facestream.cli.CommandRun;
import io.facestream.cli.terminal.EventLine;
import io.facestream.cli.topics.TopicFollower;
import io.facestream.configuration.Settings;
import io.facestream.embedded.TestServices;
import io.facestream.faces.FrameMark;
import io.facestream.identities.Identification.Decision;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchCommandTest {
    private final String camera = UUID.randomUUID().toString();
    private final IdentityEvent known = SampleEvent.of(camera, Decision.KNOWN, candidate("Ada", 0.5f));
    private final IdentityEvent unknown = SampleEvent.of(camera, Decision.UNKNOWN, candidate("Ada", 1.4f));
    private final Reader reader = new Reader();
    private CommandRun.Properties properties;

    @BeforeEach
    void pointAtTheTestsBroker() {
        properties = new CommandRun.Properties(CommandRun.kafka());
        TopicFollower.ensure(Settings.load(), List.of(Topic.IDENTITY_EVENTS, Topic.SIGHTINGS));
    }

    @AfterEach
    void restore() {
        properties.close();
    }

    @Test
    void eventsOfACameraArePrintedALineEachUntilNobodyReads() {
        publish(event(known), event(SampleEvent.of("another " + camera, Decision.UNKNOWN)), event(unknown));

        CompletableFuture<Integer> watching = watch("--from-beginning", "--camera", camera);
        await().atMost(Duration.ofSeconds(30)).until(() -> reader.lines().size() >= 2);
        reader.goAway();

        assertThat(watching).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(0);
        assertThat(reader.lines()).containsExactly(EventLine.of(known), EventLine.of(unknown));
    }

    @Test
    void jsonIsTheEventsOwn() throws Exception {
        publish(event(known));

        CompletableFuture<Integer> watching = watch("--from-beginning", "--json", "--camera", camera);
        await().atMost(Duration.ofSeconds(30)).until(() -> !reader.lines().isEmpty());
        reader.goAway();

        assertThat(watching).succeedsWithin(Duration.ofSeconds(20));
        assertThat(new ObjectMapper().readTree(reader.lines().get(0)))
                .isEqualTo(new ObjectMapper().readTree(Json.write(known)));
    }

    @Test
    void aCameraIsFoundHoweverItsNameIsTyped() {
        IdentityEvent event = SampleEvent.of("T\u00fcr " + camera, Decision.UNKNOWN);
        publish(event(event));

        CompletableFuture<Integer> watching = watch("--from-beginning", "--camera", "Tu\u0308r  " + camera);
        await().atMost(Duration.ofSeconds(30)).until(() -> !reader.lines().isEmpty());
        reader.goAway();

        assertThat(watching).succeedsWithin(Duration.ofSeconds(20));
        assertThat(reader.lines()).containsExactly(EventLine.of(event));
    }

    @Test
    void withoutFurtherWordOnlyWhatComesFromNowOnIsPrinted() {
        publish(event(unknown));

        CompletableFuture<Integer> watching = watch("--camera", camera);
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            publish(event(known));
            return !reader.lines().isEmpty();
        });
        reader.goAway();

        assertThat(watching).succeedsWithin(Duration.ofSeconds(20));
        assertThat(reader.lines()).containsOnly(EventLine.of(known));
    }

    @Test
    void aRecordThatIsNoEventIsNamedAndPassedOver() {
        String type = CloudEventRecords.type("identity-event");
        publish(
                new ProducerRecord<>(Topic.IDENTITY_EVENTS.topicName(), 0, null, "plain".getBytes(UTF_8)),
                record(0, type, "{}".getBytes(UTF_8)),
                record(0, FrameMark.TYPE, "{}".getBytes(UTF_8)),
                record(0, IdentityEvent.TYPE, Json.write(known)));
        StringWriter err = new StringWriter();

        CompletableFuture<Integer> watching = watch(err, "--from-beginning", "--camera", camera);
        await().atMost(Duration.ofSeconds(30)).until(() -> !reader.lines().isEmpty());
        reader.goAway();

        assertThat(watching).succeedsWithin(Duration.ofSeconds(20));
        assertThat(reader.lines()).containsExactly(EventLine.of(known));
        assertThat(err.toString().lines())
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(line -> line.matches("identity-events-0-\\d+ is not an event: .+"));
    }

    @Test
    void visitsArePrintedInsteadOfFacesWhereTheyAreAskedFor() throws Exception {
        byte[] sighting = new ObjectMapper()
                .readTree(Path.of("schemas/sighting.json").toFile())
                .at("/examples/0")
                .toString()
                .replace("\"lobby\"", "\"" + camera + "\"")
                .getBytes(UTF_8);
        publish(
                event(known),
                CloudEventRecords.write(Topic.SIGHTINGS, 0, "camera".getBytes(UTF_8), sighting(sighting)));

        CompletableFuture<Integer> watching = watch("--sightings", "--from-beginning", "--camera", camera);
        await().atMost(Duration.ofSeconds(30)).until(() -> !reader.lines().isEmpty());
        reader.goAway();

        assertThat(watching).succeedsWithin(Duration.ofSeconds(20));
        assertThat(reader.lines()).hasSize(1);
        assertThat(reader.lines().get(0))
                .matches("..:..:12\\.325  " + camera
                        + "  left     Grace_Hopper         12\\.2 s, 58 frames, named after 0\\.6 s");
    }

    private static CloudEvent sighting(byte[] json) {
        return CloudEventBuilder.v1()
                .withId("a#0/3")
                .withSource(URI.create("/test"))
                .withType(Sighting.TYPE)
                .withData("application/json", json)
                .build();
    }

    private CompletableFuture<Integer> watch(String... arguments) {
        return watch(new StringWriter(), arguments);
    }

    private CompletableFuture<Integer> watch(StringWriter err, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "watch";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return CompletableFuture.supplyAsync(() -> Main.commandLine()
                .setOut(new PrintWriter(reader, true))
                .setErr(new PrintWriter(err, true))
                .execute(all));
    }

    private static ProducerRecord<byte[], byte[]> event(IdentityEvent event) {
        return record(null, IdentityEvent.TYPE, Json.write(event));
    }

    private static ProducerRecord<byte[], byte[]> record(Integer partition, String type, byte[] json) {
        return CloudEventRecords.write(
                Topic.IDENTITY_EVENTS,
                partition,
                "camera".getBytes(UTF_8),
                CloudEventBuilder.v1()
                        .withId(UUID.randomUUID().toString())
                        .withSource(URI.create("/test"))
                        .withType(type)
                        .withData("application/json", json)
                        .build());
    }

    @SafeVarargs
    private static void publish(ProducerRecord<byte[], byte[]>... records) {
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaConnection.to(TestServices.kafka().bootstrapServers()).producer(Map.of())) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                producer.send(record);
            }
        }
    }

    /** Somebody at the other end of a pipe, such as {@code head}. */
    private static final class Reader extends Writer {
        private final StringBuffer read = new StringBuffer();
        private volatile boolean gone;

        /** Whole lines only. */
        List<String> lines() {
            String text = read.toString();
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        }

        void goAway() {
            gone = true;
        }

        @Override
        public void write(char[] characters, int offset, int length) throws IOException {
            flush();
            read.append(characters, offset, length);
        }

        @Override
        public void flush() throws IOException {
            if (gone) {
                throw new IOException("Broken pipe");
            }
        }

        @Override
        public void close() {}
    }
}
