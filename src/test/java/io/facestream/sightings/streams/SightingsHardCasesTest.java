package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.Change;
import io.facestream.sightings.streams.FilmedCamera.Filmed;
import io.facestream.sightings.streams.FilmedCamera.Shown;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All hard cases over a real broker, and those that only time makes. They run once, all side by side, since half a
 * minute takes half a minute here; then they are counted again from the beginning.
 */
class SightingsHardCasesTest {
    private static final int CASES = HardCase.values().length;
    private static final Shown ADA = at(new Somebody("Ada", true), 300, 300);

    private static SightingsBroker broker;
    private static Told duringTheStall;
    private static Told told;
    private static Told toldAgain;

    @BeforeAll
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    static void play(@TempDir Path folder) throws Exception {
        broker = new SightingsBroker(folder, CASES + 3);
        FilmedCamera stalls = new FilmedCamera("matching-stalls", CASES);
        FilmedCamera pauses = new FilmedCamera("everything-stalls", CASES + 1);
        FilmedCamera dies = new FilmedCamera("camera-dies", CASES + 2);
        for (HardCase hard : HardCase.values()) {
            broker.send(hard.filmed());
        }
        broker.send(pauses.film(0, 2, ADA));
        broker.send(dies.film(0, 3, ADA));
        broker.send(stalls.film(0, 2, ADA));
        List<Filmed> stalled = stalls.film(2, 33, ADA);
        broker.sendVectors(stalled.subList(0, 5));
        try (SightingsStreams replica = SightingsReplica.start(broker.address(), "first")) {
            sendVectorsAtTheCamerasPace(stalled.subList(5, stalled.size()));
            broker.await(now -> now.of("everything-stalls").changes().contains("left 3 Ada"));
            duringTheStall = broker.told();
            broker.sendEvents(stalled);
            broker.send(stalls.film(33, 39));
            broker.send(Stream.of(pauses.film(2, 42, ADA), pauses.film(42, 48))
                    .flatMap(List::stream)
                    .toList());
            broker.await(SightingsHardCasesTest::allHaveLeft);
            told = broker.told();
        }
        Map<TopicPartition, Long> before = broker.ends();
        forgetEverything();
        try (SightingsStreams replica = SightingsReplica.start(broker.address(), "second")) {
            broker.awaitRows(told.finalRows(), before);
            toldAgain = broker.toldSince(before);
        }
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    /** Each second the vectors of a second. */
    private static void sendVectorsAtTheCamerasPace(List<Filmed> filmed) {
        Deque<Filmed> frames = new ArrayDeque<>(filmed);
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    broker.sendVectors(Stream.generate(frames::poll).limit(5).toList());
                    return frames.isEmpty();
                });
    }

    private static boolean allHaveLeft(Told told) {
        int visits = 3
                + Stream.of(HardCase.values())
                        .mapToInt(hard -> hard.visits().size())
                        .sum();
        // All have left before those who stalled are read on, too.
        boolean areReadOn = told.of("everything-stalls").messages().stream()
                .anyMatch(message -> message.change() == Change.RETURNED);
        return areReadOn
                && told.rows().size() == visits
                && told.rows().values().stream().allMatch(row -> row.change() == Change.LEFT);
    }

    /** What docs/sightings.md says about counting again, but for the start. */
    private static void forgetEverything() throws Exception {
        try (Admin admin = broker.connection().admin()) {
            admin.deleteConsumerGroups(List.of(SightingsStreams.APPLICATION))
                    .all()
                    .get();
            admin.deleteTopics(List.of(
                            SightingsStreams.APPLICATION + "-visits-changelog",
                            SightingsStreams.APPLICATION + "-pending-changelog"))
                    .all()
                    .get();
        }
    }

    private static Told of(HardCase hard) {
        return new Told(told.messages().stream()
                .filter(message -> message.best().pointers().frame().partition() == hard.ordinal())
                .toList());
    }

    /** The last message about the same visit without a broker, if the camera films nobody from then on. */
    private static Sighting driven(List<Filmed> visit, List<Filmed> nobody) {
        try (DrivenTopology driven = new DrivenTopology()) {
            visit.forEach(driven::read);
            nobody.forEach(driven::read);
            return driven.rows().values().iterator().next();
        }
    }

    @ParameterizedTest
    @EnumSource
    void hardCasesAreToldAsTheyWere(HardCase hard) {
        assertThat(of(hard).visits()).containsExactlyInAnyOrderElementsOf(hard.visits());
    }

    @Test
    void matchingThatStallsForHalfAMinuteInMidVisitCutsNoVisit() {
        assertThat(duringTheStall.of("matching-stalls").changes()).containsExactly("appeared 1", "updated 2 Ada");
        assertThat(told.of("matching-stalls").visits())
                .containsExactly(
                        new HardCase.Visit("Ada 165 frames 0.0 to 32.8 s", "appeared 1, updated 2 Ada, left 3 Ada"));
    }

    @Test
    void whenEverythingStallsTheVisitReturnsAsItWas() {
        assertThat(duringTheStall.of("everything-stalls").changes())
                .containsExactly("appeared 1", "updated 2 Ada", "left 3 Ada");
        assertThat(told.of("everything-stalls").visits())
                .containsExactly(new HardCase.Visit(
                        "Ada 210 frames 0.0 to 41.8 s",
                        "appeared 1, updated 2 Ada, left 3 Ada, returned 4 Ada, left 5 Ada"));
    }

    @Test
    void aCameraThatDiesInMidVisitEndsItWithTheSameFields() {
        FilmedCamera camera = new FilmedCamera("camera-dies", CASES + 2);

        assertThat(told.of("camera-dies").changes()).containsExactly("appeared 1", "updated 2 Ada", "left 3 Ada");
        assertThat(told.of("camera-dies").rows().values())
                .containsExactly(driven(camera.film(0, 3, ADA), camera.film(3, 9)));
    }

    @Test
    void aReplayGivesTheSameFinalRows() {
        assertThat(toldAgain.messages()).isNotEmpty();
        assertThat(toldAgain.finalRows()).isEqualTo(told.finalRows());
    }

    @Test
    void whoKeepsTheGreatestSequenceSeesNothingOfAReplay() {
        Told bySequence = new Told(Stream.of(told, toldAgain)
                .flatMap(run -> run.messages().stream())
                .sorted(Comparator.comparingInt(Sighting::sequence))
                .toList());

        assertThat(bySequence.finalRows()).isEqualTo(told.finalRows());
    }
}
