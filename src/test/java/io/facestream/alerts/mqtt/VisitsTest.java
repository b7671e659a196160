package io.facestream.alerts.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VisitsTest {
    private static final UUID ADA = new UUID(0, 0xada);
    private static final UUID BOB = new UUID(0, 0xb0b);
    private static final Instant NOW = Instant.parse("2026-05-04T09:00:00Z");

    private final Visits visits = new Visits(Duration.ofMinutes(12));

    @Test
    void aVisitIsOpenUntilItLeftAndAgainWhenItReturned() {
        TestVisit visit = new TestVisit("a#0", "lobby", NOW);

        assertThat(visits.take(visit.nobody(Change.APPEARED, 0))).contains("appeared");
        assertThat(visits.take(visit.of(ADA, "Ada", Change.UPDATED, 1))).contains("named");
        assertThat(visits.take(visit.of(ADA, "Ada", Change.UPDATED, 2))).contains("updated");
        assertThat(visits.open(NOW)).hasSize(1);
        assertThat(visits.take(visit.of(ADA, "Ada", Change.LEFT, 2))).contains("left");
        assertThat(visits.open(NOW)).isEmpty();
        assertThat(visits.take(visit.of(ADA, "Ada", Change.RETURNED, 9))).contains("returned");
        assertThat(visits.open(NOW)).hasSize(1);
        assertThat(visits.take(visit.notOf(ADA, BOB, "Bob", 10))).contains("named");
        assertThat(visits.open(NOW))
                .singleElement()
                .satisfies(open -> assertThat(open.subject().identityId()).isEqualTo(BOB));
    }

    @Test
    void whatIsReadAgainChangesNothing() {
        TestVisit visit = new TestVisit("a#0", "lobby", NOW);
        Sighting appeared = visit.nobody(Change.APPEARED, 0);
        Sighting left = visit.nobody(Change.LEFT, 3);
        visits.take(appeared);
        visits.take(left);

        assertThat(visits.take(appeared)).isEmpty();
        assertThat(visits.take(left)).isEmpty();
        assertThat(visits.open(NOW)).isEmpty();
    }

    @Test
    void aVisitOfWhichNothingIsHeardIsOver() {
        visits.take(new TestVisit("a#0", "lobby", NOW).nobody(Change.APPEARED, 0));

        assertThat(visits.open(NOW.plus(Duration.ofMinutes(12)))).hasSize(1);
        assertThat(visits.forget(NOW.plus(Duration.ofMinutes(12)))).isEmpty();
        assertThat(visits.open(NOW.plus(Duration.ofMinutes(13)))).isEmpty();
        assertThat(visits.forget(NOW.plus(Duration.ofMinutes(13)))).hasSize(1);
        assertThat(visits.all()).isEmpty();
    }

    @Test
    void thereIsABoundAndThoseSilentForLongestGo() {
        for (int i = 0; i < 20_010; i++) {
            visits.take(new TestVisit("v" + i + "#0", "lobby", NOW).nobody(Change.APPEARED, 0));
        }

        assertThat(visits.all()).hasSize(20_000);
        assertThat(visits.all()).noneMatch(visit -> visit.sightingId().equals("v9#0"));
    }
}
