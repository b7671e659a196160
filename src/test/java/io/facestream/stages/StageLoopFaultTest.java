package io.facestream.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.stages.NumberedRecords.Publisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exactly once, in order, with a broker of its own that is frozen, a stage that is killed, and a replica that comes
 * and goes.
 */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StageLoopFaultTest {
    /** Held, since a logger that nobody holds forgets its level: clients warn of every fault that is made here. */
    private static final Logger CLIENTS = Logger.getLogger("org.apache.kafka.clients");

    /** Longer than the stage's timeouts of 10 s, so that calls fail and not only wait. */
    private static final Duration FROZEN = Duration.ofSeconds(11);

    private static final TestStageConfig STAGE = new TestStageConfig(1, 50);

    @TempDir
    static Path folder;

    private static ChildJvm broker;
    private static KafkaConnection connection;

    @BeforeAll
    static void startBroker() throws Exception {
        CLIENTS.setLevel(Level.SEVERE);
        broker = ChildJvm.start(EmbeddedKafka.class, folder.toString(), "0");
        connection = KafkaConnection.to(broker.awaitLine("ready "));
        stages("topics").ensureTopics(List.of(Topic.CAMERA_FRAMES, Topic.DETECTED_FACES));
    }

    @AfterAll
    static void killBroker() throws Exception {
        CLIENTS.setLevel(null);
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void aBrokerThatFreezesInTheMiddleOfATransactionLosesAndDoublesNothing() throws Exception {
        String run = "frozen";
        CountDownLatch wanted = new CountDownLatch(1);
        CountDownLatch frozen = new CountDownLatch(1);
        Stages stages = stages("replica-0");
        try (CommittedOutputs outputs = new CommittedOutputs(connection, run);
                Publisher publisher = new Publisher(connection, run)) {
            stages.start(
                    run,
                    Topic.CAMERA_FRAMES,
                    List.of(Topic.DETECTED_FACES),
                    STAGE,
                    () -> StageWork.ofBatches(() -> batch -> {
                        var processed = NumberedRecords.process(run, batch);
                        if (wanted.getCount() == 0 && frozen.getCount() > 0) {
                            // Between the poll and its transaction.
                            broker.freeze();
                            frozen.countDown();
                        }
                        return processed;
                    }));
            awaitOutputs(outputs, publisher);

            wanted.countDown();
            assertThat(frozen.await(10, TimeUnit.SECONDS)).isTrue();
            Thread.sleep(FROZEN.toMillis());
            Duration sinceLastGoodStep = stages.status().get(0).sinceLastGoodStep();
            Instant thawed = Instant.now();
            broker.thaw();
            awaitOutputs(outputs, publisher);

            int rounds = finish(outputs, publisher);
            report("broker frozen " + FROZEN.toSeconds() + " s", outputs, rounds);
            System.out.printf(
                    "  after the thaw: first output %d ms, every partition %d ms%n",
                    outputs.firstOutput(thawed).toMillis(),
                    outputs.recovery(thawed).toMillis());
            assertThat(sinceLastGoodStep).as("what health sees").isGreaterThan(FROZEN.minusSeconds(2));
            assertThat(outputs.recovery(thawed)).isLessThan(Duration.ofSeconds(20));
        } finally {
            broker.thaw();
            stages.stop();
        }
    }

    /** Takes as long as a session: only then is it known that nobody answers. */
    @Test
    void anIdleStageWhoseBrokerIsSilentMakesNoGoodSteps() throws Exception {
        Stages stages = stages("replica-0");
        try {
            stages.start(
                    "silent",
                    Topic.CAMERA_FRAMES,
                    List.of(Topic.DETECTED_FACES),
                    STAGE,
                    () -> StageWork.ofBatches(() -> batch -> batch.stream()
                            .map(record -> List.<ProducerRecord<byte[], byte[]>>of())
                            .toList()));
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> begun(stages) && idleFor(stages) < 1_000);

            broker.freeze();
            Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> idleFor(stages) > 3_000);
            broker.thaw();

            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> idleFor(stages) < 1_000);
        } finally {
            broker.thaw();
            stages.stop();
        }
    }

    private static boolean begun(Stages stages) {
        return stages.status().get(0).hasBegun();
    }

    private static long idleFor(Stages stages) {
        return stages.status().get(0).sinceLastGoodStep().toMillis();
    }

    @Test
    void aStageThatIsKilledInTheMiddleOfATransactionLosesAndDoublesNothing() throws Exception {
        String run = "killed";
        try (CommittedOutputs outputs = new CommittedOutputs(connection, run);
                Publisher publisher = new Publisher(connection, run)) {
            Instant killed;
            try (ChildJvm first = killable(run, 20)) {
                first.awaitLine("halfway");
                // Past the linger, so that the broker holds half of a transaction.
                Thread.sleep(200);
                killed = Instant.now();
                first.kill();
            }
            try (ChildJvm second = killable(run, 0)) {
                second.awaitLine("started");
                awaitOutputs(outputs, publisher);
                Thread.sleep(2_000);

                int rounds = finish(outputs, publisher);
                report("stage killed and started again", outputs, rounds);
                System.out.printf(
                        "  after the kill, a new JVM included: first output %d ms, every partition %d ms%n",
                        outputs.firstOutput(killed).toMillis(),
                        outputs.recovery(killed).toMillis());
            }
            assertThat(outputs.recovery(killed)).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void aReplicaThatComesAndGoesLosesAndDoublesNothingAndLeavesNoPartitionIdle() throws Exception {
        String run = "rebalanced";
        Stages first = stages("replica-0");
        Stages second = stages("replica-1");
        AtomicInteger bySecond = new AtomicInteger();
        try (CommittedOutputs outputs = new CommittedOutputs(connection, run);
                Publisher publisher = new Publisher(connection, run)) {
            List<Topic> written = List.of(Topic.DETECTED_FACES);
            first.start(
                    run,
                    Topic.CAMERA_FRAMES,
                    written,
                    STAGE,
                    () -> StageWork.ofBatches(() -> batch -> NumberedRecords.process(run, batch)));
            awaitOutputs(outputs, publisher);

            Instant joined = Instant.now();
            second.start(
                    run,
                    Topic.CAMERA_FRAMES,
                    written,
                    STAGE,
                    () -> StageWork.ofBatches(() -> batch -> {
                        bySecond.addAndGet(batch.size());
                        return NumberedRecords.process(run, batch);
                    }));
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> bySecond.get() > 100);
            Instant left = Instant.now();
            second.stop();
            Duration stopping = Duration.between(left, Instant.now());
            Thread.sleep(2_000);

            int rounds = finish(outputs, publisher);
            report("replica started and stopped", outputs, rounds);
            System.out.printf(
                    "  longest silence of a partition %d ms, after it left %d ms;"
                            + " stopping took %d ms; it processed %d records%n",
                    outputs.longestSilence(joined).toMillis(),
                    outputs.longestSilence(left).toMillis(),
                    stopping.toMillis(),
                    bySecond.get());
            assertThat(outputs.longestSilence(left))
                    .as("its partitions do not wait for its session to time out")
                    .isLessThan(Duration.ofSeconds(6));
            assertThat(stopping).isLessThan(Duration.ofSeconds(6));
        } finally {
            second.stop();
            first.stop();
        }
    }

    private static Stages stages(String instance) {
        return new Stages(
                connection,
                new TestTopicsConfig(NumberedRecords.PARTITIONS, true),
                instance,
                new SimpleMeterRegistry(),
                TestTracer.none());
    }

    private static ChildJvm killable(String run, int batches) throws Exception {
        return ChildJvm.start(
                KillableStage.class, connection.bootstrapServers(), run, "replica-0", Integer.toString(batches));
    }

    /** Waits until all that is published by now, and some more, has come out. */
    private static void awaitOutputs(CommittedOutputs outputs, Publisher publisher) {
        int rounds = publisher.rounds() + 20;
        Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> outputs.complete(rounds));
    }

    /** Ends publishing and waits for the rest; then a little longer, for what should not come. */
    private static int finish(CommittedOutputs outputs, Publisher publisher) throws Exception {
        int rounds = publisher.finish();
        Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> outputs.complete(rounds));
        Thread.sleep(1_000);
        return rounds;
    }

    private static void report(String fault, CommittedOutputs outputs, int rounds) {
        CommittedOutputs.Counts counts = outputs.counts(rounds);
        System.out.printf(
                "%s: %d outputs of %d records, lost %d, doubled %d, out of order %d%n",
                fault,
                counts.records(),
                rounds * NumberedRecords.PARTITIONS,
                counts.lost(),
                counts.doubled(),
                counts.outOfOrder());
        int expected = 0;
        for (int number = 0; number < rounds; number++) {
            expected += NumberedRecords.PARTITIONS
                    * NumberedRecords.outputs("any", 0, number).size();
        }
        assertThat(counts).isEqualTo(new CommittedOutputs.Counts(expected, 0, 0, 0));
    }
}
