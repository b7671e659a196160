package io.facestream.web.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.embedded.TestServices;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.web.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a real broker; the test itself answers, as curation does. */
class CommandsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final KafkaConnection kafka =
            KafkaConnection.to(TestServices.kafka().bootstrapServers());
    private Commands commands;

    @BeforeEach
    void start() {
        commands = new Commands(true, new TestTopicsConfig(1, true), kafka);
        commands.start(null);
    }

    @AfterEach
    void stop() {
        commands.stop(null);
    }

    private static GalleryCommand.Create create() {
        return new GalleryCommand.Create(UUID.randomUUID(), "Ada Lovelace", null);
    }

    /** As soon as there is a connection. */
    private CompletableFuture<GalleryEvent> send(GalleryCommand command, Duration wait) {
        List<CompletableFuture<GalleryEvent>> sent = new ArrayList<>();
        Awaitility.await()
                .atMost(LONG)
                .pollDelay(Duration.ZERO)
                .ignoreException(ProblemException.class)
                .until(() -> sent.add(commands.send(command, "door", wait).toCompletableFuture()));
        return sent.get(0);
    }

    private ConsumerRecord<byte[], byte[]> onTheTopic(GalleryCommand command) {
        TopicPartition partition = new TopicPartition(Topic.GALLERY_COMMANDS.topicName(), 0);
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Awaitility.await().atMost(LONG).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (record.key() != null
                            && new String(record.key(), UTF_8)
                                    .equals(command.commandId().toString())) {
                        found.add(record);
                    }
                });
                return !found.isEmpty();
            });
        }
        return found.get(0);
    }

    private void answer(GalleryEvent event) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            producer.send(new ProducerRecord<>(
                            Topic.GALLERY_EVENTS.topicName(), event.commandId().getBytes(UTF_8), Json.write(event)))
                    .get();
        }
    }

    private static String code(Throwable failure) {
        return ((ProblemException) failure).problem().type().substring("urn:facestream:problem:".length());
    }

    @Test
    void aCommandIsOnTheTopicWithWhoAsksAndItsAnswerComesBack() throws Exception {
        GalleryCommand.Create command = create();
        CompletableFuture<GalleryEvent> answer = send(command, LONG);

        ConsumerRecord<byte[], byte[]> record = onTheTopic(command);
        GalleryEvent done = GalleryEvent.done(command, UUID.randomUUID(), null, null, 7);
        answer(GalleryEvent.failed(UUID.randomUUID().toString(), "create", "somebody else's"));
        answer(done);

        assertThat(GalleryCommand.read(record.value())).isEqualTo(command);
        assertThat(record.headers().lastHeader(GalleryCommand.REQUESTED_BY).value())
                .isEqualTo("door".getBytes(UTF_8));
        assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(done);
    }

    @Test
    void twoRequestsWithOneIdHaveOneAnswer() throws Exception {
        GalleryCommand.Create command = create();
        CompletableFuture<GalleryEvent> first = send(command, LONG);
        CompletableFuture<GalleryEvent> second = send(command, LONG);

        GalleryEvent rejected = GalleryEvent.rejected(command.commandId().toString(), "create", "name-taken", "taken");
        answer(rejected);

        assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(rejected);
        assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo(rejected);
    }

    @Test
    void whatIsNotAnsweredInTimeIsAProblemWithItsId() {
        GalleryCommand.Create command = create();

        CompletableFuture<GalleryEvent> answer = send(command, Duration.ofMillis(200));

        assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .hasMessageContaining(command.commandId().toString())
                .satisfies(failure -> assertThat(code(failure)).isEqualTo("no-answer"));
    }

    @Test
    void whoeverWaitsBeyondTheBoundIsToldToComeAgain() {
        List<CompletableFuture<GalleryEvent>> waiting = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            waiting.add(send(create(), LONG));
        }

        assertThatThrownBy(() -> commands.send(create(), "door", LONG))
                .satisfies(failure -> assertThat(code(failure)).isEqualTo("busy"));

        waiting.get(0).cancel(false);
        assertThat(commands.send(create(), "door", LONG)).isNotNull();
    }

    @Test
    void withoutABrokerNothingIsSent() {
        Commands alone = new Commands(true, new TestTopicsConfig(1, true), KafkaConnection.to("localhost:1"));
        alone.start(null);
        try {
            assertThatThrownBy(() -> alone.send(create(), "door", LONG))
                    .satisfies(failure -> assertThat(code(failure)).isEqualTo("no-kafka"));
        } finally {
            alone.stop(null);
        }
    }

    @Test
    void aCommandThatTheTopicDoesNotTakeIsRefused() {
        List<UUID> photos = new ArrayList<>();
        List<String> people = new ArrayList<>();
        for (int i = 0; i < GalleryCommand.MOST; i++) {
            photos.add(UUID.randomUUID());
            people.add("x".repeat(200) + i);
        }

        assertThat(send(new GalleryCommand.DeleteSample(UUID.randomUUID(), photos), LONG))
                .isNotNull();
        assertThatThrownBy(() -> commands.send(new GalleryCommand.Ignore(UUID.randomUUID(), people), "door", LONG))
                .satisfies(failure -> assertThat(code(failure)).isEqualTo("too-large"));
    }
}
