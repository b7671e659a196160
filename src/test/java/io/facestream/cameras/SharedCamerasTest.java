package io.facestream.cameras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.stages.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas on a real broker: one is killed, frozen, or ends; no camera is filmed twice, and none is lost. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedCamerasTest {
    private static final List<String> CAMERAS =
            IntStream.range(0, 8).mapToObj(i -> "camera-" + i).toList();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static EmbeddedKafka kafka;
    private static KafkaConnection connection;
    private static SnapshotCamera snapshots;

    private FilmedFrames frames;

    @BeforeAll
    static void startBrokerAndCameras() throws Exception {
        kafka = EmbeddedKafka.start(folder, 0);
        connection = KafkaConnection.to(kafka.bootstrapServers());
        TopicAdmin.ensure(connection, new TestTopicsConfig(3, true), List.of(Topic.CAMERAS, Topic.CAMERA_FRAMES));
        snapshots = new SnapshotCamera();
        for (String camera : CAMERAS) {
            send(CamerasTopic.record(camera, definition(camera)));
        }
    }

    @AfterAll
    static void stop() {
        snapshots.close();
        kafka.close();
    }

    @AfterEach
    void closeFrames() {
        frames.close();
    }

    private static CameraDefinition definition(String camera) {
        return new CameraDefinition(snapshots.url("/snap/" + camera), 5.0, 0, Gating.NONE, null, null, true, null);
    }

    private static void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            producer.send(record).get();
        }
    }

    private static ChildJvm replica(String name) throws Exception {
        ChildJvm replica = ChildJvm.start(FilmingReplica.class, kafka.bootstrapServers(), name);
        replica.awaitLine("started");
        return replica;
    }

    /** Waits until every camera has so many more frames. */
    private void awaitMore(int count) {
        awaitMore(CAMERAS, count);
    }

    private void awaitMore(List<String> cameras, int count) {
        List<Integer> before =
                cameras.stream().map(camera -> frames.of(camera).size()).toList();
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (int i = 0; i < cameras.size(); i++) {
                assertThat(frames.of(cameras.get(i))).hasSizeGreaterThanOrEqualTo(before.get(i) + count);
            }
        });
    }

    /** In the topic's order, nobody films on after somebody else has begun, and no number comes twice. */
    private void assertFilmedByOneAtATime() {
        for (String camera : CAMERAS) {
            Set<String> runs = new LinkedHashSet<>();
            String last = "";
            long number = -1;
            for (FilmedFrames.Frame frame : frames.of(camera)) {
                if (!frame.run().equals(last)) {
                    assertThat(runs.add(frame.run()))
                            .as("%s filmed by %s again after %s", camera, frame.run(), runs)
                            .isTrue();
                    number = -1;
                }
                assertThat(frame.number()).as(camera).isGreaterThan(number);
                last = frame.run();
                number = frame.number();
            }
        }
    }

    @Test
    void aReplicaThatIsKilledLosesItsCamerasToTheOther() throws Exception {
        frames = new FilmedFrames(connection);
        try (ChildJvm first = replica("killed-0");
                ChildJvm second = replica("killed-1")) {
            awaitMore(10);

            first.kill();
            awaitMore(20);
            second.kill();
        }
        assertFilmedByOneAtATime();
    }

    @Test
    void aReplicaThatIsFrozenAndWakesUpFilmsNothingThatTheOtherHasTakenOver() throws Exception {
        frames = new FilmedFrames(connection);
        try (ChildJvm first = replica("frozen-0");
                ChildJvm second = replica("frozen-1")) {
            awaitMore(10);

            first.freeze();
            awaitMore(20);
            first.thaw();
            awaitMore(20);
            second.kill();
            awaitMore(10);
            first.kill();
        }
        assertFilmedByOneAtATime();
    }

    @Test
    void aReplicaThatComesAndGoesTakesItsShareAndHandsItBack() throws Exception {
        frames = new FilmedFrames(connection);
        try (ChildJvm first = replica("goes-0")) {
            awaitMore(10);
            try (ChildJvm second = replica("goes-1")) {
                awaitMore(25);
                second.kill();
            }
            awaitMore(10);
            first.kill();
        }
        assertFilmedByOneAtATime();
    }

    @Test
    void aTombstoneStopsACameraAndADefinitionBringsItBack() throws Exception {
        frames = new FilmedFrames(connection);
        String camera = CAMERAS.get(3);
        List<String> others =
                CAMERAS.stream().filter(each -> !each.equals(camera)).toList();
        try (ChildJvm only = replica("tombstone-0")) {
            awaitMore(3);

            send(CamerasTopic.tombstone(camera));
            awaitMore(others, 15);
            int stopped = frames.of(camera).size();
            awaitMore(others, 15);
            assertThat(frames.of(camera)).hasSize(stopped);

            send(CamerasTopic.record(camera, definition(camera)));
            awaitMore(3);
            only.kill();
        }
        assertFilmedByOneAtATime();
    }
}
