package io.facestream.stages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.RecordedLogs;
import io.facestream.messaging.Topic;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of the partitions of a stage; on a real broker. */
class PartitionWatchTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

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

    /**
     * Kafka's consumer (4.1.2) counts its lag against the last fetch: of 3,000 records it would tell of those
     * fetched.
     */
    @Test
    void theLagIsWhatTheBrokerHoldsAndThePartitionThatWaitsIsNamed() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        start("lagging", Topic.ENROLMENTS, StageWork.ofBatches(() -> batch -> {
            release.await();
            return StageBroker.copies(batch, "none");
        }));
        broker.send(Topic.ENROLMENTS, 2, "first");
        Awaitility.await().atMost(LIMIT).until(() -> lag() == 1);

        for (int partition = 0; partition < NumberedRecords.PARTITIONS; partition++) {
            broker.send(Topic.ENROLMENTS, partition, numbered("lagging", 500));
        }

        Awaitility.await().atMost(LIMIT).until(() -> lag() == 3_001);
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> stages.status().get(0).stalledFor().compareTo(Duration.ofSeconds(1)) > 0);
        assertThat(stages.status().get(0).slowestPartition()).isEqualTo("enrolments-2");
        assertThat(stuckSeconds("2")).isGreaterThan(0.5);
        release.countDown();
        Awaitility.await().atMost(LIMIT).until(() -> lag() == 0);
        assertThat(stages.status().get(0).stalledFor()).isZero();
        assertThat(stuckSeconds("2")).isZero();
    }

    /** A reader of committed records does not see past the first record of a transaction that is open. */
    @Test
    void aTransactionThatSomebodyLeftOpenIsNamedWithItsPartitionAndOffset() throws Exception {
        Queue<String> values = new ConcurrentLinkedQueue<>();
        start("held-back", Topic.LABELLED_FACES, StageWork.ofBatches(() -> batch -> {
            batch.forEach(record -> values.add(StageBroker.value(record)));
            return StageBroker.copies(batch, "none");
        }));
        broker.send(Topic.LABELLED_FACES, 4, "before");
        Awaitility.await().atMost(LIMIT).until(() -> values.contains("before"));

        try (RecordedLogs logs = new RecordedLogs();
                KafkaProducer<byte[], byte[]> hanging = broker.connection()
                        .producer(Map.of(
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                "recorder-1",
                                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                                300_000))) {
            hanging.initTransactions();
            hanging.beginTransaction();
            hanging.send(new ProducerRecord<>(Topic.LABELLED_FACES.topicName(), 4, null, "open".getBytes(UTF_8)))
                    .get();
            broker.send(Topic.LABELLED_FACES, 4, numbered("later", 20));

            Awaitility.await().atMost(LIMIT).until(() -> heldBack("4") == 21);
            assertThat(logs.warningsOf(PartitionWatch.class))
                    .singleElement()
                    .asString()
                    .contains("labelled-faces-4 cannot be read past offset 1", "21 records");
            assertThat(heldBack("3")).isZero();
            assertThat(stages.status().get(0).stalledFor())
                    .as("not this stage's fault")
                    .isZero();
            hanging.abortTransaction();
            Awaitility.await().atMost(LIMIT).until(() -> heldBack("4") == 0);
        }

        Awaitility.await().atMost(LIMIT).until(() -> values.contains("later:19"));
        assertThat(values).doesNotContain("open");
    }

    private void start(String name, Topic input, StageWork work) {
        stages.start(name, input, List.of(Topic.DETECTED_FACES), new TestStageConfig(1, 20), () -> work);
    }

    private double lag() {
        return metrics.get("facestream.stage.lag").gauge().value();
    }

    private double stuckSeconds(String partition) {
        return gauge("facestream.stage.partition.stuck", partition);
    }

    private double heldBack(String partition) {
        return gauge("facestream.stage.partition.held.back", partition);
    }

    private double gauge(String name, String partition) {
        Gauge gauge = metrics.find(name).tag("partition", partition).gauge();
        return gauge == null ? -1 : gauge.value();
    }

    private static String[] numbered(String run, int count) {
        return IntStream.range(0, count).mapToObj(i -> run + ":" + i).toArray(String[]::new);
    }
}
