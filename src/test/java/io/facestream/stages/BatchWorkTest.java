package io.facestream.stages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stage does with records that fail, take too long, or come while something is away; on a real broker. */
class BatchWorkTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    static Path folder;

    private static StageBroker broker;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Stages stages = broker.stages("replica-0", metrics, StageBroker.IMPATIENT);

    @BeforeAll
    static void startBroker() {
        broker = StageBroker.start(folder);
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
    void aRecordThatFailsIsRejectedAfterTwoAttemptsAloneAndTheOthersGoThroughInTheirOrder() throws Exception {
        Queue<Integer> sizesWithPoison = new ConcurrentLinkedQueue<>();
        start(StageWork.ofBatches(() -> batch -> {
            if (holds(batch, "poison:7")) {
                sizesWithPoison.add(batch.size());
                throw new IllegalStateException("as if its content were to blame");
            }
            return StageBroker.copies(batch, "poison");
        }));

        send(numbered("poison", 12));

        awaitRejects("poison", "poison:7");
        awaitOutputs("poison", without(numbered("poison", 12), "poison:7"));
        assertThat(sizesWithPoison).filteredOn(size -> size == 1).hasSize(2);
        assertThat(reason("poison:7")).isEqualTo("processing-failed");
    }

    @Test
    void recordsThatAreWorkedOnSideBySideComeOutInTheirOrderAndOneThatFailsDoesNotKeepTheOthers() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        start(StageWork.ofRecords(
                () -> batch -> {
                    assertThat(batch).hasSize(1);
                    String value = StageBroker.value(batch.get(0));
                    if (value.equals("beside:5")) {
                        attempts.incrementAndGet();
                        throw new IllegalStateException("as if the network had failed");
                    }
                    // The later ones are done sooner.
                    Thread.sleep(value.startsWith("beside:") ? 60 - 4 * Integer.parseInt(value.substring(7)) : 0);
                    return StageBroker.copies(batch, "beside");
                },
                4));

        send(numbered("beside", 12));

        awaitRejects("beside", "beside:5");
        awaitOutputs("beside", without(numbered("beside", 12), "beside:5"));
        assertThat(attempts).hasValue(2);
    }

    @Test
    void aValueThatTheDatabaseCannotHoldRejectsItsRecord() throws Exception {
        start(StageWork.ofBatches(() -> batch -> {
            if (holds(batch, "value:1")) {
                throw new SQLException("value out of range", "22003");
            }
            return StageBroker.copies(batch, "value");
        }));

        send(numbered("value", 3));

        awaitRejects("value", "value:1");
        awaitOutputs("value", "value:0", "value:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "40001", "53300", "55P03", "57014", "42501"})
    void whatTheDatabaseIsToBlameForRejectsNothingHoweverOftenItFails(String state) throws Exception {
        String run = "away-" + state;
        AtomicInteger alone = new AtomicInteger();
        start(StageWork.ofBatches(() -> batch -> {
            if (holds(batch, run + ":0") && alone.addAndGet(batch.size() == 1 ? 1 : 0) < 4) {
                throw new SQLException("not now", state);
            }
            return StageBroker.copies(batch, run);
        }));

        send(numbered(run, 2));

        awaitOutputs(run, numbered(run, 2));
        assertThat(broker.values(Topic.REJECTED_RECORDS, run)).isEmpty();
    }

    /** Like a statement over 256 probes that a slow database does not finish in time. */
    @Test
    void whatIsTooMuchAtATimeIsTriedInSmallerParts() throws Exception {
        Queue<Integer> done = new ConcurrentLinkedQueue<>();
        start(StageWork.ofBatches(() -> batch -> {
            if (batch.size() > 3 && holds(batch, "large:")) {
                throw new IOException("no answer in time");
            }
            done.add(batch.size());
            return StageBroker.copies(batch, "large");
        }));

        send(numbered("large", 20));

        awaitOutputs("large", numbered("large", 20));
        assertThat(done).isNotEmpty().allSatisfy(size -> assertThat(size).isBetween(1, 20));
        assertThat(broker.values(Topic.REJECTED_RECORDS, "large")).isEmpty();
    }

    @Test
    void aRecordThatUsesMoreCpuTimeThanItMayIsRejectedAfterTwoAttempts() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        start(StageWork.ofRecords(
                        () -> batch -> {
                            if (holds(batch, "endless:1")) {
                                attempts.incrementAndGet();
                                useCpuTime(Duration.ofSeconds(1));
                            }
                            return StageBroker.copies(batch, "endless");
                        },
                        2)
                .withCpuLimit(Duration.ofMillis(500)));

        send(numbered("endless", 4));

        awaitRejects("endless", "endless:1");
        awaitOutputs("endless", without(numbered("endless", 4), "endless:1"));
        assertThat(reason("endless:1")).isEqualTo("processing-timeout");
        assertThat(attempts).hasValue(2);
    }

    /**
     * As on a frozen machine, or where the database is slow: the clock says that it took long, its thread did not
     * work.
     */
    @Test
    void aRecordThatOnlyWaitsIsNotRejectedHoweverLongItTakes() throws Exception {
        start(StageWork.ofRecords(
                        () -> batch -> {
                            if (holds(batch, "slow:1")) {
                                Thread.sleep(3_000);
                            }
                            return StageBroker.copies(batch, "slow");
                        },
                        2)
                .withCpuLimit(Duration.ofMillis(500)));

        send(numbered("slow", 3));

        awaitOutputs("slow", numbered("slow", 3));
        assertThat(broker.values(Topic.REJECTED_RECORDS, "slow")).isEmpty();
    }

    /** Kafka's client leaves the group if nobody polls for max.poll.interval.ms. */
    @Test
    void aBatchThatOutlastsThePollIntervalIsCommittedAtItsFirstAttempt() throws Exception {
        assertOneAttemptAtABatchLongerThanThePollInterval(stages, StageBroker.IMPATIENT, "long");
    }

    /** The same with the 60 s of production. */
    @Test
    @Tag("long")
    void aBatchThatOutlastsProductionsPollIntervalIsCommittedAtItsFirstAttempt() throws Exception {
        Stages patient = broker.stages("replica-0", metrics);
        try {
            assertOneAttemptAtABatchLongerThanThePollInterval(patient, StageTimeouts.PRODUCTION, "production");
        } finally {
            patient.stop();
        }
    }

    private void assertOneAttemptAtABatchLongerThanThePollInterval(Stages of, StageTimeouts timeouts, String run)
            throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        of.start(
                run,
                Topic.CAMERA_FRAMES,
                List.of(Topic.DETECTED_FACES),
                new TestStageConfig(1, 20),
                () -> StageWork.ofBatches(() -> batch -> {
                    if (holds(batch, run + ":")) {
                        attempts.incrementAndGet();
                        Thread.sleep(timeouts.pollInterval().plusSeconds(3).toMillis());
                    }
                    return StageBroker.copies(batch, run);
                }));

        send(run + ":0");

        awaitOutputs(run, run + ":0");
        assertThat(attempts).hasValue(1);
        assertThat(metrics.get("facestream.stage.transactions")
                        .tag("outcome", "aborted")
                        .counter()
                        .count())
                .isZero();
    }

    @Test
    void whoWaitsForAnAnswerHasOneWhereTheRecordIsRejectedSinceItFailed() throws Exception {
        start(StageWork.ofBatches(() -> new BatchFunction() {
            @Override
            public List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch) {
                if (holds(batch, "answered:0")) {
                    throw new IllegalArgumentException("no");
                }
                return StageBroker.copies(batch, "answered");
            }

            @Override
            public List<ProducerRecord<byte[], byte[]>> answer(
                    ConsumerRecord<byte[], byte[]> record, RejectedException rejection) {
                return List.of(new ProducerRecord<>(
                        Topic.DETECTED_FACES.topicName(),
                        ("answered:" + rejection.reason().code()).getBytes(UTF_8)));
            }
        }));

        send("answered:0");

        awaitRejects("answered", "answered:0");
        awaitOutputs("answered", "answered:processing-failed");
    }

    private void start(StageWork work) {
        String name = StackWalker.getInstance()
                .walk(frames -> frames.skip(1).findFirst().orElseThrow())
                .getMethodName();
        stages.start(name, Topic.CAMERA_FRAMES, List.of(Topic.DETECTED_FACES), new TestStageConfig(1, 20), () -> work);
    }

    private static boolean holds(List<ConsumerRecord<byte[], byte[]>> batch, String prefix) {
        return batch.stream().anyMatch(record -> StageBroker.value(record).startsWith(prefix));
    }

    private static void useCpuTime(Duration duration) {
        long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() + duration.toNanos();
        while (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static String[] numbered(String run, int count) {
        return IntStream.range(0, count).mapToObj(i -> run + ":" + i).toArray(String[]::new);
    }

    private static String[] without(String[] values, String one) {
        return Arrays.stream(values).filter(value -> !value.equals(one)).toArray(String[]::new);
    }

    private static void send(String... values) throws Exception {
        broker.send(Topic.CAMERA_FRAMES, 0, values);
    }

    private static void awaitOutputs(String run, String... values) {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(broker.values(Topic.DETECTED_FACES, run))
                .containsExactly(values));
    }

    private static void awaitRejects(String run, String... values) {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(broker.values(Topic.REJECTED_RECORDS, run))
                .containsExactly(values));
    }

    private static String reason(String value) {
        ConsumerRecord<byte[], byte[]> reject =
                broker.committed(Topic.REJECTED_RECORDS, value).get(0);
        return new String(reject.headers().lastHeader(RejectedRecords.REASON).value(), UTF_8);
    }
}
