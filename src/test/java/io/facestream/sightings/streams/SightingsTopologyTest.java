package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.messaging.RejectedRecords;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import io.facestream.sightings.streams.FilmedCamera.Filmed;
import io.facestream.sightings.streams.FilmedCamera.Shown;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Visits of made-up people, from records to records, without a broker. */
class SightingsTopologyTest {
    private final DrivenTopology topology = new DrivenTopology();
    private final FilmedCamera lobby = new FilmedCamera("lobby", 0);
    private final Somebody ada = new Somebody("Ada", true);
    private final Somebody bob = new Somebody("Bob", true);
    private final Somebody stranger = new Somebody("Stranger", false);

    @AfterEach
    void close() {
        topology.close();
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    /** Frames at 5 a second from one time to another, the last one excluded. */
    private List<Filmed> film(double from, double to, Shown... shown) {
        return IntStream.range(0, (int) Math.round((to - from) * 5))
                .mapToObj(i -> lobby.film(seconds(from + i * 0.2), shown))
                .toList();
    }

    private void read(List<Filmed> filmed) {
        filmed.forEach(topology::read);
    }

    @Test
    void aVisitIsAHandfulOfMessages() {
        // given Ada before the camera for three seconds, then nobody for six
        read(film(0, 3, at(ada, 300, 300)));
        read(film(3, 9));

        // then
        assertThat(topology.changes()).containsExactly("appeared 1", "updated 2 Ada", "left 3 Ada");
        Sighting row = topology.rows().values().iterator().next();
        assertThat(row.sightingId()).isEqualTo("camera-frames-0-0#0");
        assertThat(row.frames()).isEqualTo(15);
        assertThat(row.firstSeen()).isEqualTo(FilmedCamera.START);
        assertThat(row.lastSeen()).isEqualTo(FilmedCamera.START.plusMillis(2800));
        assertThat(row.lastAppendedAt()).isEqualTo(FilmedCamera.START.plusMillis(2840));
        assertThat(row.subject().identityId()).isEqualTo(ada.id());
        assertThat(row.namedAfterMillis()).isEqualTo(600);
        assertThat(row.endedBy()).isEqualTo(Sighting.End.ABSENCE);
    }

    @Test
    void aFaceThatComesOnceIsNobody() {
        read(film(0, 0.2, at(stranger, 300, 300)));
        read(film(0.2, 40));

        assertThat(topology.told()).isEmpty();
        assertThat(topology.rows(SightingsProcessor.VISITS)).isEmpty();
    }

    @Test
    void somebodyUnknownIsToldWithTheReason() {
        read(film(0, 2, at(stranger, 300, 300)));

        assertThat(topology.changes()).containsExactly("appeared 1");
        Sighting row = topology.rows().values().iterator().next();
        assertThat(row.subject().kind()).isEqualTo(Subject.Kind.UNKNOWN);
        assertThat(row.reason()).isEqualTo(Sighting.UnnamedReason.NOBODY_NEAR);
        assertThat(row.namedAfterMillis()).isNull();
    }

    @Test
    void aFrameIsCompleteWhenBothMarksWereReadInWhateverOrder() {
        List<Filmed> filmed = film(0, 3, at(ada, 300, 300), at(stranger, 900, 300));

        for (int i = 0; i < filmed.size(); i++) {
            if (i % 2 == 0) {
                topology.events(filmed.get(i));
                topology.vectors(filmed.get(i));
            } else {
                topology.read(filmed.get(i));
            }
        }

        read(film(3, 9));
        assertThat(topology.rows().values()).hasSize(2).allSatisfy(row -> assertThat(row.frames())
                .isEqualTo(15));
        assertThat(topology.rows(SightingsProcessor.PENDING)).isEmpty();
    }

    @Test
    void framesThatComeLateAndOutOfOrderAreCountedOnce() {
        List<Filmed> filmed = new ArrayList<>(film(0, 6, at(ada, 300, 300)));
        Collections.swap(filmed, 4, 5);
        Collections.swap(filmed, 10, 13);
        filmed.add(filmed.get(20)); // again
        read(filmed);
        read(film(6, 12));

        Sighting row = topology.rows().values().iterator().next();
        assertThat(topology.rows()).hasSize(1);
        assertThat(row.frames()).isEqualTo(30);
        assertThat(row.firstSeen()).isEqualTo(FilmedCamera.START);
        assertThat(row.lastSeen()).isEqualTo(FilmedCamera.START.plusMillis(5800));
    }

    @Test
    void aReplayGivesTheSameFinalRows() {
        List<Filmed> filmed = aBusyMinute();
        read(filmed);
        List<String> once = topology.finalRows();

        try (DrivenTopology again = new DrivenTopology()) {
            // all embeddings first, as after a long stop of matching, and the wall clock in between
            again.readToTheEnd = true;
            filmed.forEach(again::vectors);
            filmed.forEach(frame -> {
                again.events(frame);
                again.pass(Duration.ofSeconds(7));
            });

            assertThat(again.finalRows()).isEqualTo(once).hasSize(4);
        }
    }

    /** People who walk through, stand, leave and return. */
    private List<Filmed> aBusyMinute() {
        List<Filmed> filmed = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            List<Shown> shown = new ArrayList<>();
            if (i < 60 || i > 120 && i < 180) {
                shown.add(at(ada, 200 + i % 60, 300));
            }
            if (i > 20 && i < 330) {
                shown.add(at(stranger, 900 - i % 80, 300));
            }
            if (i > 200 && i < 215 || i > 380) {
                shown.add(at(bob, 600, 500));
            }
            filmed.add(lobby.film(seconds(i * 0.2), shown.toArray(Shown[]::new)));
        }
        filmed.addAll(film(80, 86));
        return filmed;
    }

    @Test
    void matchingThatStallsForHalfAMinuteInMidVisitCutsNoVisit() {
        read(film(0, 2, at(ada, 300, 300)));
        List<Filmed> stalled = film(2, 32, at(ada, 300, 300));
        topology.readToTheEnd = true; // of both topics: matching has written nothing more
        stalled.forEach(frame -> {
            topology.vectors(frame);
            topology.pass(Duration.ofMillis(200));
        });
        assertThat(topology.changes()).containsExactly("appeared 1", "updated 2 Ada");

        stalled.forEach(topology::events);
        read(film(32, 38));

        assertThat(topology.changes()).containsExactly("left 3 Ada");
        assertThat(topology.rows().values()).singleElement().satisfies(row -> assertThat(row.frames())
                .isEqualTo(160));
    }

    @Test
    void whenEverythingStallsTheVisitReturnsAsItWas() {
        // given detection that stands still: nothing more on either topic
        read(film(0, 2, at(ada, 300, 300)));
        topology.readToTheEnd = true;
        topology.pass(Duration.ofSeconds(40));
        assertThat(topology.changes()).containsExactly("appeared 1", "updated 2 Ada", "left 3 Ada");

        // when the frames of that time come after all
        read(film(2, 42, at(ada, 300, 300)));

        // then it is the same visit
        assertThat(topology.changes()).containsExactly("returned 4 Ada");
        read(film(42, 48));
        assertThat(topology.rows().values()).singleElement().satisfies(row -> assertThat(row.frames())
                .isEqualTo(10 + 200));
    }

    @Test
    void aSilentCamerasVisitEndsByTheWallClockWithTheSameFields() {
        List<Filmed> visit = film(0, 3, at(ada, 300, 300));
        read(visit);
        topology.pass(Duration.ofSeconds(30));
        assertThat(topology.changes()).doesNotContain("left 3 Ada"); // there may be more to read

        topology.readToTheEnd = true;
        topology.pass(Duration.ofSeconds(1));
        Sighting early = topology.rows().values().iterator().next();

        try (DrivenTopology later = new DrivenTopology()) {
            visit.forEach(later::read);
            film(3, 9).forEach(later::read);
            assertThat(early.change()).isEqualTo(Sighting.Change.LEFT);
            assertThat(later.rows().values()).containsExactly(early);
        }
    }

    @Test
    void whoReappearsWithinTheRejoinIsTheSameVisitAndLaterAnotherOne() {
        read(film(0, 2, at(ada, 300, 300)));
        read(film(2, 20));
        read(film(20, 22, at(ada, 1000, 500)));
        read(film(22, 60));
        read(film(60, 62, at(ada, 300, 300)));

        assertThat(topology.changes())
                .containsExactly(
                        "appeared 1",
                        "updated 2 Ada",
                        "left 3 Ada",
                        "returned 4 Ada",
                        "left 5 Ada",
                        "appeared 1",
                        "updated 2 Ada");
        assertThat(topology.rows()).hasSize(2);
    }

    @Test
    void twoPeopleWhoCrossKeepTheirVisits() {
        for (int i = 0; i < 40; i++) {
            float step = i * 28;
            topology.read(lobby.film(seconds(i * 0.2), at(ada, 60 + step, 300), at(bob, 1180 - step, 310)));
        }

        read(film(8, 14));
        assertThat(topology.rows().values())
                .hasSize(2)
                .allSatisfy(row -> {
                    assertThat(row.frames()).isEqualTo(40);
                    assertThat(row.subject().supersedes()).isNull();
                })
                .extracting(row -> row.subject().name())
                .containsExactlyInAnyOrder("Ada", "Bob");
    }

    @Test
    void whoWalksFastIsOneVisitThoughNoTwoBoxesOverlap() {
        for (int i = 0; i < 8; i++) {
            topology.read(lobby.film(seconds(i * 0.2), at(stranger, 60 + i * 140, 300)));
        }
        read(film(1.6, 8));

        assertThat(topology.rows().values()).singleElement().satisfies(row -> assertThat(row.frames())
                .isEqualTo(8));
    }

    @Test
    void whoStandsStillTurnsAwayAndIsCoveredForTwoSecondsIsOneVisit() {
        read(film(0, 10, at(ada, 300, 300)));
        read(film(10, 12)); // covered
        read(film(12, 14, new Shown(ada, 320, 300, 80, 22))); // half turned away
        read(film(14, 16));
        read(film(16, 20, at(ada, 310, 305)));
        read(film(20, 26));

        assertThat(topology.changes()).containsExactly("appeared 1", "updated 2 Ada", "left 3 Ada");
        assertThat(topology.rows().values()).singleElement().satisfies(row -> assertThat(row.frames())
                .isEqualTo(80));
    }

    @Test
    void aCrowdOfThirtyIsThirtyVisits() {
        List<Somebody> crowd = IntStream.range(0, 30)
                .mapToObj(i -> new Somebody("Person " + i, i % 2 == 0))
                .toList();
        Random random = new Random(1);
        float[] x = new float[30];
        float[] y = new float[30];
        for (int i = 0; i < 30; i++) {
            x[i] = 60 + i % 10 * 120;
            y[i] = 100 + i / 10 * 200;
        }
        for (int frame = 0; frame < 50; frame++) {
            List<Shown> shown = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                x[i] += (float) random.nextGaussian() * 20;
                y[i] += (float) random.nextGaussian() * 20;
                if (random.nextDouble() > 0.1) {
                    shown.add(at(crowd.get(i), x[i], y[i]));
                }
            }
            topology.read(lobby.film(seconds(frame * 0.2), shown.toArray(Shown[]::new)));
        }

        assertThat(topology.rows()).hasSize(30);
        assertThat(topology.rows().values())
                .filteredOn(row -> row.subject().kind() == Subject.Kind.PERSON)
                .extracting(row -> row.subject().name())
                .doesNotHaveDuplicates()
                .hasSize(15);
    }

    @Test
    void onePersonBeforeTwoCamerasIsTwoVisits() {
        FilmedCamera door = new FilmedCamera("door", 0);
        for (int i = 0; i < 10; i++) {
            topology.read(lobby.film(seconds(i * 0.2), at(ada, 300, 300)));
            topology.read(door.film(seconds(i * 0.2), at(ada, 300, 300)));
        }

        assertThat(topology.rows().values()).extracting(Sighting::camera).containsExactlyInAnyOrder("lobby", "door");
    }

    @Test
    void aCameraThatDiesInMidVisitIsEndedByTheWallClockAndForgottenByItsPartition() {
        read(film(0, 2, at(ada, 300, 300)));
        FilmedCamera door = new FilmedCamera("door", 0);
        topology.readToTheEnd = true;
        topology.pass(Duration.ofSeconds(10));
        assertThat(topology.changes()).endsWith("left 3 Ada");

        // when another camera of its partition films for more than an hour
        topology.read(door.film(Duration.ofMinutes(62), at(bob, 1, 1)));
        topology.pass(Duration.ofMinutes(2));

        assertThat(topology.told()).isEmpty();
        assertThat(new String(concatenated(topology.rows(SightingsProcessor.VISITS)), UTF_8))
                .contains("door")
                .doesNotContain("lobby");
    }

    @Test
    void aModelSwitchInMidVisitCutsNoVisitAndComparesNoVectorsAcross() {
        for (int i = 0; i < 30; i++) {
            // for a while one replica has the new version and the other does not
            String version = i < 10 || i < 16 && i % 2 == 0 ? "first-version" : "second-version";
            topology.read(
                    lobby.film(seconds(i * 0.2), version, at(ada, 300 + 40 * i, 300), at(stranger, 900 - 20 * i, 500)));
        }

        assertThat(topology.rows().values())
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.subject().supersedes()).isNull());
        topology.read(lobby.film(seconds(40), "second-version"));
        assertThat(topology.rows().values()).extracting(Sighting::frames).containsExactly(30L, 30L);
    }

    @Test
    void whoIsEnrolledInMidVisitGetsTheNameByAnUpdate() {
        read(film(0, 20, at(stranger, 300, 300)));
        assertThat(topology.changes()).containsExactly("appeared 1");

        stranger.enrol();
        read(film(20, 30, at(stranger, 300, 300)));

        assertThat(topology.changes()).containsExactly("updated 2 Stranger");
        assertThat(topology.rows().values()).singleElement().satisfies(row -> {
            assertThat(row.subject().supersedes()).isNull();
            assertThat(row.namedAfterMillis()).isBetween(20_000L, 30_000L);
        });
    }

    @Test
    void aLongVisitIsToldAgainEveryFiveMinutes() {
        for (int second = 0; second < 1_000; second++) {
            topology.read(lobby.film(seconds(second), at(ada, 300, 300)));
        }

        assertThat(topology.changes())
                .containsExactly("appeared 1 Ada", "updated 2 Ada", "updated 3 Ada", "updated 4 Ada");
    }

    @Test
    void eventsWhoseVectorsArePastRetentionAreSkippedAndCounted() {
        List<Filmed> old = film(0, 4, at(ada, 300, 300));
        topology.firstFrame = OptionalLong.of(20);

        old.forEach(topology::events);
        read(film(4, 6, at(ada, 300, 300)));

        assertThat(topology.rows().values()).singleElement().satisfies(row -> assertThat(row.sightingId())
                .isEqualTo("camera-frames-0-20#0"));
        assertThat(topology.metrics
                        .get("facestream.sightings.skipped.frames")
                        .tag("why", "past-retention")
                        .counter()
                        .count())
                .isEqualTo(20);
        assertThat(topology.rows(SightingsProcessor.PENDING)).isEmpty();
    }

    @Test
    void aFrameWhoseMarkWasRejectedIsGivenUp() {
        List<Filmed> filmed = film(0, 20, at(ada, 300, 300));
        for (int i = 0; i < filmed.size(); i++) {
            topology.vectors(filmed.get(i));
            if (i == 10) {
                topology.event(filmed.get(i).events().get(0)); // and no mark
            } else {
                topology.events(filmed.get(i));
            }
        }

        assertThat(topology.rows(SightingsProcessor.PENDING)).isEmpty();
        assertThat(topology.metrics
                        .get("facestream.sightings.skipped.frames")
                        .tag("why", "incomplete")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatPilesUpIsBounded() {
        try (DrivenTopology small = new DrivenTopology(100)) {
            film(0, 60, at(ada, 300, 300)).forEach(small::vectors);

            assertThat(small.rows(SightingsProcessor.PENDING)).hasSizeLessThanOrEqualTo(200);
            assertThat(small.metrics
                            .get("facestream.sightings.skipped.frames")
                            .tag("why", "overflow")
                            .counter()
                            .count())
                    .isEqualTo(250);
        }
    }

    @Test
    void aPoisonRecordIsRejectedAndTheVisitGoesOn() {
        List<Filmed> filmed = film(0, 3, at(ada, 300, 300));
        for (int i = 0; i < filmed.size(); i++) {
            topology.read(filmed.get(i));
            ProducerRecord<byte[], byte[]> event = filmed.get(i).events().get(0);
            byte[] value =
                    switch (i) {
                        case 1 -> "{".getBytes(UTF_8);
                        case 2 -> null;
                        case 3 -> new byte[0];
                        case 4 ->
                            new String(event.value(), UTF_8)
                                    .replace("\"lobby\"", "\"a\\u0000b\"")
                                    .getBytes(UTF_8);
                        case 5 ->
                            new String(event.value(), UTF_8)
                                    .replaceAll("\"probability\":[0-9.]+", "\"probability\":7")
                                    .getBytes(UTF_8);
                        case 6 -> "null".getBytes(UTF_8);
                        default -> event.value();
                    };
            if (i >= 1 && i <= 6) {
                topology.event(new ProducerRecord<>(event.topic(), 0, event.key(), value, event.headers()));
            }
        }

        read(film(3, 9));
        assertThat(topology.rejected())
                .extracting(record -> new String(
                        record.headers().lastHeader(RejectedRecords.REASON).value(), UTF_8))
                .containsExactly("bad-message", "empty", "empty", "bad-message", "bad-message", "bad-message");
        assertThat(topology.rows().values()).singleElement().satisfies(row -> assertThat(row.frames())
                .isEqualTo(15));
    }

    @Test
    void noStoreHoldsAName() {
        Somebody somebody = new Somebody("Zebulon", true);
        read(film(0, 3, at(somebody, 300, 300)));
        film(3, 4, at(somebody, 300, 300)).forEach(topology::events);

        for (String store : List.of(SightingsProcessor.PENDING, SightingsProcessor.VISITS)) {
            assertThat(topology.rows(store)).isNotEmpty();
            assertThat(new String(concatenated(topology.rows(store)), UTF_8)).doesNotContain("Zebulon");
        }
    }

    private static byte[] concatenated(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    @Test
    void eachMessageGoesToThePartitionThatWasReadWithTheCamerasKey() {
        read(film(0, 1, at(ada, 300, 300)));
        Sighting told = topology.told().get(0);

        ProducerRecord<byte[], byte[]> record = SightingsTopic.record(told, 4);

        assertThat(record.partition()).isEqualTo(4);
        assertThat(new String(record.key(), UTF_8)).isEqualTo("lobby");
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        assertThat(headers)
                .containsEntry("ce_id", "camera-frames-0-0#0/1")
                .containsEntry("ce_source", "/cameras/lobby")
                .containsEntry("ce_subject", "lobby")
                .containsEntry("ce_type", "io.facestream.sighting.v1");
    }
}
