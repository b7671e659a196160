package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.streams.FilmedCamera.Filmed;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import io.facestream.stages.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Visits over a real broker, with replicas that come, go and are killed in the middle of them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SightingsStreamsTest {
    /** Frames of a second. */
    private static final int LATE = 5;

    private static final Map<HardCase, List<Filmed>> FILMED = new EnumMap<>(HardCase.class);

    @TempDir
    Path folder;

    private SightingsBroker broker;

    @BeforeAll
    static void film() {
        for (HardCase hard : HardCase.values()) {
            FILMED.put(hard, hard.filmed());
        }
    }

    /** The final rows of the same frames without a broker. */
    private static List<String> expected(HardCase... cases) {
        List<String> rows = new ArrayList<>();
        for (HardCase hard : cases) {
            try (DrivenTopology driven = new DrivenTopology()) {
                FILMED.get(hard).forEach(driven::read);
                rows.addAll(driven.all().finalRows());
            }
        }
        Collections.sort(rows);
        return rows;
    }

    @BeforeEach
    void startBroker() throws Exception {
        broker = new SightingsBroker(folder, HardCase.values().length);
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    /**
     * Up to where people cross, are covered, and so on, while matching is a second late. Returns when something was
     * told of every camera.
     */
    private void sendFirstHalf() {
        FILMED.forEach((hard, filmed) -> {
            broker.send(filmed.subList(0, hard.middle()));
            broker.sendVectors(filmed.subList(hard.middle(), hard.middle() + LATE));
        });
        broker.await(told ->
                told.messages().stream().map(Sighting::camera).distinct().count()
                        == HardCase.values().length + 1); // one has two
    }

    private void sendWhatIsLate() {
        FILMED.forEach((hard, filmed) -> broker.sendEvents(filmed.subList(hard.middle(), hard.middle() + LATE)));
    }

    private void sendRest() {
        FILMED.forEach((hard, filmed) -> broker.send(filmed.subList(hard.middle() + LATE, filmed.size())));
    }

    @Test
    void somebodyAppearsIsNamedAndLeavesThoughTheCameraFallsSilent() {
        FilmedCamera lobby = new FilmedCamera("lobby", 0);
        try (SightingsStreams streams = SightingsReplica.start(broker.address(), "replica-0")) {
            broker.send(lobby.film(0, 2, at(new Somebody("Ada", true), 300, 300)));
            broker.await(told -> told.messages().size() == 3);

            assertThat(broker.told().visits())
                    .containsExactly(
                            new HardCase.Visit("Ada 10 frames 0.0 to 1.8 s", "appeared 1, updated 2 Ada, left 3 Ada"));
            assertThat(streams.hasBegun()).isTrue();
            assertThat(streams.sinceLastGoodStep()).isLessThan(Duration.ofSeconds(30));
            assertThat(streams.done())
                    .containsKeys(
                            new TopicPartition(SightingsTopic.VECTORS, 0),
                            new TopicPartition(SightingsTopic.EVENTS, 1));
        }
    }

    @Test
    void aReplicaThatIsKilledInMidVisitLosesAndDoublesNothing() throws Exception {
        List<String> expected = expected(HardCase.values());
        try (ChildJvm replica = ChildJvm.start(SightingsReplica.class, broker.address(), "replica-0")) {
            replica.awaitLine("started");
            sendFirstHalf();
            sendWhatIsLate();
            replica.kill();
        }
        assertThat(broker.told().finalRows()).isNotEqualTo(expected);
        assertThat(Path.of(System.getProperty("java.io.tmpdir"), "facestream-sightings-replica-0"))
                .as("what a successor could restore from, but for the changelogs")
                .doesNotExist();

        try (SightingsStreams successor = SightingsReplica.start(broker.address(), "replica-1")) {
            sendRest();
            broker.awaitRows(expected);
        }
    }

    @Test
    void replicasThatComeAndGoHandOpenVisitsOver() {
        List<String> expected = expected(HardCase.values());
        SightingsStreams first = SightingsReplica.start(broker.address(), "replica-0");
        sendFirstHalf();
        try (SightingsStreams second = SightingsReplica.start(broker.address(), "replica-1")) {
            Awaitility.await().atMost(SightingsBroker.PATIENCE).until(() -> !second.done()
                    .isEmpty());
            sendWhatIsLate();
            first.close();
            sendRest();
            broker.awaitRows(expected);
        }
    }

    @Test
    void theChangelogsAreCleanedWithinAnHourAndTheirPartitionsAreChecked() throws Exception {
        Changelogs.ensure(broker.connection(), "facestream-sightings", true);

        try (Admin admin = broker.connection().admin()) {
            String changelog = "facestream-sightings-visits-changelog";
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, changelog);
            var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
            for (String name : List.of("segment.ms", "max.compaction.lag.ms", "delete.retention.ms")) {
                assertThat(config.get(name).value()).as(name).isEqualTo("3600000");
            }
            admin.createTopics(List.of(new NewTopic("other-pending-changelog", 3, (short) 1)))
                    .all()
                    .get();
        }
        assertThatThrownBy(() -> Changelogs.ensure(broker.connection(), "other", true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("need as many partitions as face-embeddings has, " + HardCase.values().length
                        + ", but have {other-pending-changelog=3}");
        assertThatThrownBy(() -> Changelogs.ensure(broker.connection(), "absent", false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("absent-visits-changelog")
                .hasMessageContaining("facestream.topics.create=true");
    }

    @Test
    void aPoisonRecordIsRejectedAndNothingElseIsLost() {
        HardCase minute = HardCase.A_BUSY_MINUTE;
        List<Filmed> filmed = FILMED.get(minute);
        try (SightingsStreams streams = SightingsReplica.start(broker.address(), "replica-0")) {
            broker.send(filmed.subList(0, minute.middle()));
            broker.send(new ProducerRecord<>(SightingsTopic.EVENTS, minute.ordinal(), new byte[1], new byte[1]));
            broker.send(new ProducerRecord<>(SightingsTopic.VECTORS, minute.ordinal(), null, null));
            broker.send(filmed.subList(minute.middle(), filmed.size()));

            broker.awaitRows(expected(minute));
            assertThat(broker.records(Topic.REJECTED_RECORDS)).hasSize(2);
            assertThat(streams.hasBegun()).isTrue();
        }
    }
}
