package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.messaging.RejectedRecords;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import io.facestream.sightings.streams.FilmedCamera.Filmed;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    private void read(List<Filmed> filmed) {
        filmed.forEach(topology::read);
    }

    @Test
    void aVisitIsAHandfulOfMessages() {
        // given Ada before the camera for three seconds, then nobody for six
        read(lobby.film(0, 3, at(ada, 300, 300)));
        read(lobby.film(3, 9));

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
        read(lobby.film(0, 0.2, at(stranger, 300, 300)));
        read(lobby.film(0.2, 40));

        assertThat(topology.told()).isEmpty();
        assertThat(topology.rows(SightingsProcessor.VISITS)).isEmpty();
    }

    @Test
    void somebodyUnknownIsToldWithTheReason() {
        read(lobby.film(0, 2, at(stranger, 300, 300)));

        assertThat(topology.changes()).containsExactly("appeared 1");
        Sighting row = topology.rows().values().iterator().next();
        assertThat(row.subject().kind()).isEqualTo(Subject.Kind.UNKNOWN);
        assertThat(row.reason()).isEqualTo(Sighting.UnnamedReason.NOBODY_NEAR);
        assertThat(row.namedAfterMillis()).isNull();
    }

    @Test
    void aFrameIsCompleteWhenBothMarksWereReadInWhateverOrder() {
        List<Filmed> filmed = lobby.film(0, 3, at(ada, 300, 300), at(stranger, 900, 300));

        for (int i = 0; i < filmed.size(); i++) {
            if (i % 2 == 0) {
                topology.events(filmed.get(i));
                topology.vectors(filmed.get(i));
            } else {
                topology.read(filmed.get(i));
            }
        }

        read(lobby.film(3, 9));
        assertThat(topology.rows().values()).hasSize(2).allSatisfy(row -> assertThat(row.frames())
                .isEqualTo(15));
        assertThat(topology.rows(SightingsProcessor.PENDING)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void hardCasesAreToldAsTheyWere(HardCase hard) {
        read(hard.filmed());

        assertThat(topology.all().visits()).containsExactlyInAnyOrderElementsOf(hard.visits());
    }

    @ParameterizedTest
    @EnumSource
    void aReplayGivesTheSameFinalRows(HardCase hard) {
        List<Filmed> filmed = hard.filmed();
        read(filmed);

        try (DrivenTopology again = new DrivenTopology()) {
            // all embeddings first, as after a long stop of matching, and the wall clock in between
            again.readToTheEnd = true;
            filmed.forEach(again::vectors);
            filmed.forEach(frame -> {
                again.events(frame);
                again.pass(Duration.ofSeconds(7));
            });

            assertThat(again.all().finalRows()).isEqualTo(topology.all().finalRows());
        }
    }

    @Test
    void matchingThatStallsForHalfAMinuteInMidVisitCutsNoVisit() {
        read(lobby.film(0, 2, at(ada, 300, 300)));
        List<Filmed> stalled = lobby.film(2, 32, at(ada, 300, 300));
        topology.readToTheEnd = true; // of both topics: matching has written nothing more
        stalled.forEach(frame -> {
            topology.vectors(frame);
            topology.pass(Duration.ofMillis(200));
        });
        assertThat(topology.changes()).containsExactly("appeared 1", "updated 2 Ada");

        stalled.forEach(topology::events);
        read(lobby.film(32, 38));

        assertThat(topology.changes()).containsExactly("left 3 Ada");
        assertThat(topology.rows().values()).singleElement().satisfies(row -> assertThat(row.frames())
                .isEqualTo(160));
    }

    @Test
    void whenEverythingStallsTheVisitReturnsAsItWas() {
        // given detection that stands still: nothing more on either topic
        read(lobby.film(0, 2, at(ada, 300, 300)));
        topology.readToTheEnd = true;
        topology.pass(Duration.ofSeconds(40));
        assertThat(topology.changes()).containsExactly("appeared 1", "updated 2 Ada", "left 3 Ada");

        // when the frames of that time come after all
        read(lobby.film(2, 42, at(ada, 300, 300)));

        // then it is the same visit
        assertThat(topology.changes()).containsExactly("returned 4 Ada");
        read(lobby.film(42, 48));
        assertThat(topology.rows().values()).singleElement().satisfies(row -> assertThat(row.frames())
                .isEqualTo(10 + 200));
    }

    @Test
    void aSilentCamerasVisitEndsByTheWallClockWithTheSameFields() {
        List<Filmed> visit = lobby.film(0, 3, at(ada, 300, 300));
        read(visit);
        topology.pass(Duration.ofSeconds(30));
        assertThat(topology.changes()).doesNotContain("left 3 Ada"); // there may be more to read

        topology.readToTheEnd = true;
        topology.pass(Duration.ofSeconds(1));
        Sighting early = topology.rows().values().iterator().next();

        try (DrivenTopology later = new DrivenTopology()) {
            visit.forEach(later::read);
            lobby.film(3, 9).forEach(later::read);
            assertThat(early.change()).isEqualTo(Sighting.Change.LEFT);
            assertThat(later.rows().values()).containsExactly(early);
        }
    }

    @Test
    void aCameraThatDiesInMidVisitIsEndedByTheWallClockAndForgottenByItsPartition() {
        read(lobby.film(0, 2, at(ada, 300, 300)));
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
    void aLongVisitIsToldAgainEveryFiveMinutes() {
        for (int second = 0; second < 1_000; second++) {
            topology.read(lobby.film(seconds(second), at(ada, 300, 300)));
        }

        assertThat(topology.changes())
                .containsExactly("appeared 1 Ada", "updated 2 Ada", "updated 3 Ada", "updated 4 Ada");
    }

    @Test
    void eventsWhoseVectorsArePastRetentionAreSkippedAndCounted() {
        List<Filmed> old = lobby.film(0, 4, at(ada, 300, 300));
        topology.firstFrame = OptionalLong.of(20);

        old.forEach(topology::events);
        read(lobby.film(4, 6, at(ada, 300, 300)));

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
        List<Filmed> filmed = lobby.film(0, 20, at(ada, 300, 300));
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
            lobby.film(0, 60, at(ada, 300, 300)).forEach(small::vectors);

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
        List<Filmed> filmed = lobby.film(0, 3, at(ada, 300, 300));
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

        read(lobby.film(3, 9));
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
        read(lobby.film(0, 3, at(somebody, 300, 300)));
        lobby.film(3, 4, at(somebody, 300, 300)).forEach(topology::events);

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
        read(lobby.film(0, 1, at(ada, 300, 300)));
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
