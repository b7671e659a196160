package io.facestream.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.RecordedLogs;
import io.facestream.messaging.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a stage takes its records from a real broker. */
class IntakeTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    static Path folder;

    private static StageBroker broker;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private Stages stages = broker.stages("replica-0", metrics);

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
     * Kafka's consumer (4.1.2) yields all that it fetched of one partition, up to 8 MiB here, before the next one's.
     */
    @Test
    void aQuietPartitionsRecordIsInTheNextBatchHoweverManyABusyOneHas() throws Exception {
        Queue<String> batches = new ConcurrentLinkedQueue<>();
        Semaphore turns = new Semaphore(3);
        broker.send(Topic.LABELLED_FACES, 0, numbered("busy", 3_000));
        start("fair", Topic.LABELLED_FACES, StageWork.ofBatches(() -> batch -> {
            turns.acquire();
            batches.add(batch.stream().map(StageBroker::value).toList().toString());
            return StageBroker.copies(batch, "fair");
        }));
        Awaitility.await().atMost(LIMIT).until(() -> batches.size() == 3);

        broker.send(Topic.LABELLED_FACES, 1, "quiet:1");
        broker.send(Topic.LABELLED_FACES, 2, "quiet:2");
        turns.release(6);
        Awaitility.await().atMost(LIMIT).until(() -> batches.size() == 9);
        turns.release(1_000);

        assertThat(batches.stream().skip(3).limit(3))
                .as("one batch may be in hand, and one fetch under way")
                .anyMatch(batch -> batch.contains("quiet:1"))
                .anyMatch(batch -> batch.contains("quiet:2"))
                .anyMatch(batch -> batch.contains("busy:"));
    }

    @Test
    void aBatchIsFullWithOneBusyPartitionTooAndItsRecordsComeInTheirOrder() throws Exception {
        Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
        Queue<String> values = new ConcurrentLinkedQueue<>();
        broker.send(Topic.FACE_EMBEDDINGS, 3, numbered("alone", 400));

        start("full", Topic.FACE_EMBEDDINGS, StageWork.ofBatches(() -> batch -> {
            sizes.add(batch.size());
            batch.forEach(record -> values.add(StageBroker.value(record)));
            return StageBroker.copies(batch, "none");
        }));

        Awaitility.await().atMost(LIMIT).until(() -> values.size() >= 400);
        assertThat(values).containsExactly(numbered("alone", 400));
        assertThat(sizes.stream().filter(size -> size == 20).count()).isGreaterThan(15);
        assertThat(sizes).allMatch(size -> size <= 20);
    }

    @Test
    void aBatchIsBoundedByWeightAndOneRecordIsTakenWhateverItWeighs() throws Exception {
        Queue<List<Integer>> batches = new ConcurrentLinkedQueue<>();
        int[] weights = {4, 3, 3, 50, 1, 1, 9, 2, 0, 0, 0};
        broker.send(
                Topic.ENROLMENTS,
                0,
                IntStream.of(weights).mapToObj(weight -> "weighs:" + weight).toArray(String[]::new));

        start(
                "weighed",
                Topic.ENROLMENTS,
                StageWork.ofBatches(() -> batch -> {
                            batches.add(batch.stream().map(IntakeTest::weight).toList());
                            return StageBroker.copies(batch, "none");
                        })
                        .withWeight(IntakeTest::weight, 10));

        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> batches.stream().mapToInt(List::size).sum() == weights.length);
        assertThat(batches.stream().flatMap(List::stream)).containsExactly(4, 3, 3, 50, 1, 1, 9, 2, 0, 0, 0);
        assertThat(batches).allSatisfy(batch -> assertThat(batch.size() == 1
                        || batch.stream().mapToInt(Integer::intValue).sum() <= 10)
                .isTrue());
        assertThat(batches).contains(List.of(50));
    }

    @Test
    void aRecordThatCannotBeWeighedIsTheWorkersToJudge() throws Exception {
        Queue<String> values = new ConcurrentLinkedQueue<>();
        broker.send(Topic.REJECTED_RECORDS, 0, numbered("unweighed", 4));

        start(
                "unweighed",
                Topic.REJECTED_RECORDS,
                StageWork.ofBatches(() -> batch -> {
                            batch.forEach(record -> values.add(StageBroker.value(record)));
                            return StageBroker.copies(batch, "none");
                        })
                        .withWeight(
                                record -> {
                                    if (StageBroker.value(record).endsWith("1")) {
                                        throw new StackOverflowError();
                                    }
                                    throw new IllegalStateException("cannot be weighed");
                                },
                                10));

        Awaitility.await().atMost(LIMIT).until(() -> values.size() == 4);
        assertThat(values).containsExactly(numbered("unweighed", 4));
    }

    private static int weight(ConsumerRecord<byte[], byte[]> record) {
        return Integer.parseInt(StageBroker.value(record).substring("weighs:".length()));
    }

    /** With auto.offset.reset=earliest, Kafka's consumer goes on behind the gap without a word above INFO. */
    @Test
    void whatRetentionDeletedBeforeItWasProcessedIsToldAndCountedOnce() throws Exception {
        Queue<String> values = new ConcurrentLinkedQueue<>();
        StageWork work = StageWork.ofBatches(() -> batch -> {
            batch.forEach(record -> values.add(StageBroker.value(record)));
            return StageBroker.copies(batch, "none");
        });
        broker.send(Topic.TRAINING_PROGRESS, 0, "kept:0");
        start("overtaken", Topic.TRAINING_PROGRESS, work);
        Awaitility.await().atMost(LIMIT).until(() -> values.contains("kept:0"));
        stages.stop();
        broker.send(Topic.TRAINING_PROGRESS, 0, "lost:1", "lost:2", "lost:3", "kept:4");
        try (Admin admin = broker.connection().admin()) {
            admin.deleteRecords(Map.of(new TopicPartition("training-progress", 0), RecordsToDelete.beforeOffset(4)))
                    .all()
                    .get();
        }

        try (RecordedLogs logs = new RecordedLogs()) {
            stages = broker.stages("replica-0", metrics);
            start("overtaken", Topic.TRAINING_PROGRESS, work);
            Awaitility.await().atMost(LIMIT).until(() -> values.contains("kept:4"));

            assertThat(logs.warningsOf(Intake.class))
                    .singleElement()
                    .asString()
                    .contains("training-progress-0", "offsets 1 to 3", "continuing at 4");
        }
        assertThat(values).doesNotContain("lost:1", "lost:2", "lost:3");
        assertThat(metrics.get("facestream.stage.skipped").counter().count()).isEqualTo(3);
    }

    @Test
    void whatRetentionDeletedIsToldOnceThoughNoRecordFollowsAndTheStageStartsAgain() throws Exception {
        TopicPartition partition = new TopicPartition("identity-events", 2);
        Map<TopicPartition, OffsetAndMetadata> before = Map.of(partition, new OffsetAndMetadata(1));
        broker.send(Topic.IDENTITY_EVENTS, 2, numbered("gone", 4));
        try (Admin admin = broker.connection().admin()) {
            admin.alterConsumerGroupOffsets("facestream-quiet", before).all().get();
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4)))
                    .all()
                    .get();

            try (RecordedLogs logs = new RecordedLogs()) {
                for (int start = 0; start < 2; start++) {
                    start(
                            "quiet",
                            Topic.IDENTITY_EVENTS,
                            StageWork.ofBatches(() -> batch -> StageBroker.copies(batch, "none")));
                    Awaitility.await()
                            .atMost(LIMIT)
                            .until(() -> admin.listConsumerGroupOffsets("facestream-quiet")
                                            .partitionsToOffsetAndMetadata()
                                            .get()
                                            .get(partition)
                                            .offset()
                                    == 4);
                    Awaitility.await().atMost(LIMIT).until(() -> stages.status().stream()
                            .allMatch(StageStatus::hasBegun));
                    stages.stop();
                    stages = broker.stages("replica-0", metrics);
                }

                assertThat(logs.warningsOf(Intake.class))
                        .singleElement()
                        .asString()
                        .contains("identity-events-2", "offsets 1 to 3", "continuing at 4");
            }
        }
    }

    @Test
    void aPartitionThatEndsBeforeWhatWasCommittedIsReadFromItsBeginningAndSaysSo() throws Exception {
        Queue<String> values = new ConcurrentLinkedQueue<>();
        TopicPartition partition = new TopicPartition("training-commands", 0);
        broker.send(Topic.TRAINING_COMMANDS, 0, numbered("shortened", 5));
        try (Admin admin = broker.connection().admin()) {
            admin.alterConsumerGroupOffsets("facestream-shortened", Map.of(partition, new OffsetAndMetadata(100)))
                    .all()
                    .get();
        }

        try (RecordedLogs logs = new RecordedLogs()) {
            start("shortened", Topic.TRAINING_COMMANDS, StageWork.ofBatches(() -> batch -> {
                batch.forEach(record -> values.add(StageBroker.value(record)));
                return StageBroker.copies(batch, "none");
            }));
            Awaitility.await().atMost(LIMIT).until(() -> values.size() >= 5);

            assertThat(logs.warningsOf(Intake.class))
                    .singleElement()
                    .asString()
                    .contains(
                            "training-commands-0 ends before the committed offset 100", "from its beginning, offset 0");
        }
        assertThat(values).containsExactly(numbered("shortened", 5));
    }

    private void start(String name, Topic input, StageWork work) {
        stages.start(name, input, List.of(Topic.DETECTED_FACES), new TestStageConfig(1, 20), () -> work);
    }

    private static String[] numbered(String run, int count) {
        return IntStream.range(0, count).mapToObj(i -> run + ":" + i).toArray(String[]::new);
    }
}
