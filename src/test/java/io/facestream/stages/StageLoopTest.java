package io.facestream.stages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestRecords;
import io.facestream.messaging.Topic;
import io.facestream.stages.NumberedRecords.Publisher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageLoopTest {
    private static final List<Topic> OUTPUTS = List.of(Topic.DETECTED_FACES, Topic.REJECTED_RECORDS);
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** The pauses between failed attempts with these tests' timeouts; the last one repeats. */
    private static final List<Duration> PAUSES =
            Stream.of(20, 40, 80, 160, 200).map(Duration::ofMillis).toList();

    @TempDir
    static Path folder;

    private static StageBroker broker;
    private static KafkaConnection connection;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Stages stages = broker.stages("replica-0", metrics, StageBroker.IMPATIENT);

    @BeforeAll
    static void startBroker() {
        broker = StageBroker.start(folder);
        connection = broker.connection();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @AfterEach
    void stopStages() {
        stages.stop();
    }

    @Test
    void anOutageBringsTheBatchAgainAndShowsInTheStatusForAsLongAsItLasts() throws Exception {
        AtomicBoolean away = new AtomicBoolean();
        Queue<Duration> attempts = new ConcurrentLinkedQueue<>();
        start("outage", 1, () -> batch -> {
            if (away.get()) {
                attempts.add(sinceLastGoodStep());
                throw new IOException("the database is away");
            }
            return StageBroker.copies(batch, "outage");
        });
        awaitGoodStep();

        away.set(true);
        send("outage:1", "outage:2", "outage:3");
        Awaitility.await().atMost(LIMIT).until(() -> attempts.size() >= 6);
        List<Duration> sinceGoodStep = List.copyOf(attempts);
        for (int i = 1; i < sinceGoodStep.size(); i++) {
            // A successful step in between would reset the pauses.
            assertThat(sinceGoodStep.get(i).minus(sinceGoodStep.get(i - 1)))
                    .as("from attempt %d on", i)
                    .isGreaterThanOrEqualTo(PAUSES.get(Math.min(i, PAUSES.size()) - 1));
        }
        assertThat(broker.values(Topic.DETECTED_FACES, "outage")).isEmpty();
        away.set(false);

        awaitGoodStep();
        awaitCommitted(Topic.DETECTED_FACES, "outage", "outage:1", "outage:2", "outage:3");
        awaitGoodStep();
    }

    @Test
    void recordsThatComeAgainCountOnceAndWhatWasGivenUpCountsAsAborted() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        start("counted", 1, () -> batch -> {
            if (away.getAndSet(false)) {
                throw new IOException("the database is away");
            }
            return StageBroker.copies(batch, "counted");
        });

        send("counted:1", "counted:2", "counted:3");

        awaitCommitted(Topic.DETECTED_FACES, "counted", "counted:1", "counted:2", "counted:3");
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> metrics.get("facestream.stage.lag").gauge().value() == 0);
        assertThat(transactions("aborted")).isEqualTo(1);
        assertThat(transactions("committed")).isPositive();
        assertThat(metrics.get("facestream.stage.outputs").counters().stream()
                        .mapToDouble(Counter::count)
                        .sum())
                .isEqualTo(3);
        assertThat(metrics.get("facestream.stage.batch.size").summary().totalAmount())
                .isEqualTo(metrics.get("facestream.stage.records").counter().count());
    }

    private double transactions(String outcome) {
        return metrics.get("facestream.stage.transactions")
                .tags("stage", "counted", "outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void anOutputThatItsTopicDoesNotTakeMakesARejectOfItsRecordAndTheOthersGoOn() throws Exception {
        start("large", 1, () -> batch -> {
            List<List<ProducerRecord<byte[], byte[]>>> outputs = StageBroker.copies(batch, "large");
            outputs.forEach(ofRecord -> ofRecord.replaceAll(output -> new String(output.value(), UTF_8)
                            .equals("large:2")
                    ? new ProducerRecord<>(output.topic(), 0, null, new byte[Topic.DETECTED_FACES.maxMessageBytes()])
                    : output));
            return outputs;
        });

        send("large:1", "large:2", "large:3");

        awaitCommitted(Topic.DETECTED_FACES, "large", "large:1", "large:3");
        awaitCommitted(Topic.REJECTED_RECORDS, "large", "large:2");
        awaitGoodStep();
    }

    @Test
    void theLargestOutputsOfEveryTopicAreTakenByTheBroker() throws Exception {
        stages.ensureTopics(List.of(Topic.values()));
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (Topic topic : Topic.values()) {
                ProducerRecord<byte[], byte[]> largest = IntStream.range(0, 200)
                        .mapToObj(below -> ofSize(topic, topic.maxMessageBytes() - below))
                        .filter(Topic::takes)
                        .findFirst()
                        .orElseThrow();

                assertThat(producer.send(largest).get().serializedValueSize())
                        .as("the largest value on %s", topic)
                        .isGreaterThan(topic.maxMessageBytes() - 120);
            }
        }
    }

    private static ProducerRecord<byte[], byte[]> ofSize(Topic topic, int valueBytes) {
        return new ProducerRecord<>(
                topic.topicName(),
                0,
                "entrance".getBytes(UTF_8),
                new byte[valueBytes],
                TestRecords.headers("ce_id", "frame-1"));
    }

    @Test
    void anIdleStageMakesGoodSteps() throws Exception {
        start("idle", 2, () -> batch -> Collections.nCopies(batch.size(), List.of()));

        awaitGoodStep();
        assertThat(stages.status()).hasSize(2);
        Thread.sleep(1_500);

        // The time only grows on a stage that makes no more of them.
        awaitGoodStep();
        assertThat(stages.status())
                .extracting(StageStatus::member)
                .containsExactly("facestream-idle-replica-0-0", "facestream-idle-replica-0-1");
    }

    @Test
    void aFunctionThatCannotBeMadeLeavesItsLoopWithoutGoodSteps() throws Exception {
        start("unable", 1, () -> {
            throw new IllegalArgumentException("no such model");
        });

        Thread.sleep(1_500);

        assertThat(sinceLastGoodStep()).isGreaterThan(Duration.ofMillis(1_400));
        assertThat(stages.status()).noneMatch(StageStatus::hasBegun);
    }

    @Test
    void stoppingEndsEveryLoopAtOnceHoweverFarItsStartHasCome() throws Exception {
        for (int millis : new int[] {0, 40, 80, 160, 320, 640}) {
            AtomicInteger made = new AtomicInteger();
            AtomicInteger closed = new AtomicInteger();
            Stages shortLived = stages("replica-" + millis);
            shortLived.start(
                    "short-lived",
                    Topic.CAMERA_FRAMES,
                    OUTPUTS,
                    new TestStageConfig(2, 10),
                    () -> StageWork.ofBatches(() -> closing(made, closed)));
            Thread.sleep(millis);
            long stopped = System.nanoTime();

            shortLived.stop();

            assertThat(Duration.ofNanos(System.nanoTime() - stopped))
                    .as("stopping after %d ms", millis)
                    .isLessThan(Duration.ofSeconds(8));
            assertThat(closed.get()).as("functions closed").isEqualTo(made.get());
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("short-lived-0", "short-lived-1");
        }
    }

    @Test
    void replicasThatShareANameByMistakeStillLoseAndDoubleNothing() throws Exception {
        String run = "shared";
        Stages twin = stages("replica-0");
        try (CommittedOutputs outputs = new CommittedOutputs(connection, run);
                Publisher publisher = new Publisher(connection, run)) {
            start(run, 1, () -> batch -> NumberedRecords.process(run, batch));
            Awaitility.await().atMost(LIMIT).until(() -> outputs.complete(20));
            twin.start(
                    run,
                    Topic.CAMERA_FRAMES,
                    OUTPUTS,
                    new TestStageConfig(1, 20),
                    () -> StageWork.ofBatches(() -> batch -> NumberedRecords.process(run, batch)));
            Thread.sleep(3_000);
            twin.stop();

            int rounds = publisher.finish();
            Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> outputs.complete(rounds));
            assertThat(outputs.counts(rounds))
                    .extracting(
                            CommittedOutputs.Counts::lost,
                            CommittedOutputs.Counts::doubled,
                            CommittedOutputs.Counts::outOfOrder)
                    .containsExactly(0, 0, 0);
        } finally {
            twin.stop();
        }
    }

    private static Stages stages(String instance) {
        return broker.stages(instance, new SimpleMeterRegistry(), StageBroker.IMPATIENT);
    }

    private void start(String name, int loops, Supplier<BatchFunction> functions) {
        stages.start(
                name,
                Topic.CAMERA_FRAMES,
                OUTPUTS,
                new TestStageConfig(loops, 20),
                () -> StageWork.ofBatches(functions));
    }

    private Duration sinceLastGoodStep() {
        return stages.status().stream()
                .map(StageStatus::sinceLastGoodStep)
                .max(Duration::compareTo)
                .orElseThrow();
    }

    private void awaitGoodStep() {
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> stages.status().stream().allMatch(StageStatus::hasBegun)
                        && sinceLastGoodStep().compareTo(Duration.ofMillis(400)) < 0);
    }

    private static BatchFunction closing(AtomicInteger made, AtomicInteger closed) {
        made.incrementAndGet();
        return new BatchFunction() {
            @Override
            public List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch) {
                return Collections.nCopies(batch.size(), List.of());
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    private static void send(String... values) throws Exception {
        broker.send(Topic.CAMERA_FRAMES, 0, values);
    }

    /** A commit is answered before its markers are written, so readers see it a little later. */
    private static void awaitCommitted(Topic topic, String prefix, String... values) {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(broker.values(topic, prefix))
                .containsExactly(values));
    }
}
