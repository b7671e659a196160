package io.facestream.sightings.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.faces.Box;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.RecordPointer;
import io.facestream.sightings.message.Sighting.Change;
import io.facestream.sightings.message.Sighting.End;
import io.facestream.sightings.message.Sighting.UnnamedReason;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SightingTest {
    private static final Instant FIRST = Instant.parse("2026-05-04T09:30:00Z");
    private static final RecordPointer POINTER = new RecordPointer("topic", 0, 0);
    private static final BestShot BEST = new BestShot(
            "f#0",
            FIRST,
            new Quality(80, 300, 120, new Pose(0, 0, 0), 60f),
            new Box(1, 1, 80, 80),
            new IdentityEvent.Pointers(POINTER, POINTER, POINTER));
    private static final Subject ADA = new Subject(Subject.Kind.PERSON, new UUID(0, 1), "Ada", 0.9, null);
    private static final Subject UNKNOWN = new Subject(Subject.Kind.UNKNOWN, null, null, null, null);

    private static Sighting sighting(
            int sequence, Change change, Instant last, Subject subject, Long named, UnnamedReason reason, End end) {
        return new Sighting(
                1, "f#0", sequence, change, "/c", "c", FIRST, last, FIRST, FIRST, 3, subject, named, BEST, List.of(),
                reason, end);
    }

    @Test
    void aMessageOfAPersonAndOneOfSomebodyUnknownAreValid() {
        Sighting left = sighting(2, Change.LEFT, FIRST.plusSeconds(3), ADA, 600L, null, End.ABSENCE);

        assertThat(left.id()).isEqualTo("f#0/2");
        assertThat(sighting(1, Change.APPEARED, FIRST, UNKNOWN, null, UnnamedReason.LOW_NORM, null)
                        .reason()
                        .code())
                .isEqualTo("low-norm");
    }

    @Test
    void fieldsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> sighting(0, Change.APPEARED, FIRST, ADA, 0L, null, null))
                .hasMessage("sequence is 1 or more, not 0");
        assertThatThrownBy(() -> sighting(1, Change.APPEARED, FIRST.minusSeconds(1), ADA, 0L, null, null))
                .hasMessageContaining("is before firstSeen");
        assertThatThrownBy(() -> sighting(1, Change.APPEARED, FIRST, ADA, 0L, UnnamedReason.TOO_SMALL, null))
                .hasMessageContaining("reason");
        assertThatThrownBy(() -> sighting(1, Change.APPEARED, FIRST, UNKNOWN, null, null, null))
                .hasMessageContaining("reason");
        assertThatThrownBy(() -> sighting(1, Change.APPEARED, FIRST, ADA, null, null, null))
                .hasMessageContaining("namedAfterMillis");
        assertThatThrownBy(() -> sighting(1, Change.APPEARED, FIRST, ADA, 0L, null, End.ABSENCE))
                .hasMessageContaining("endedBy");
        assertThatThrownBy(() -> sighting(1, Change.LEFT, FIRST, ADA, 0L, null, null))
                .hasMessageContaining("endedBy");
        assertThatThrownBy(() -> new Subject(Subject.Kind.UNKNOWN, new UUID(0, 1), null, null, null))
                .hasMessageContaining("identityId");
        assertThatThrownBy(() -> new Subject(Subject.Kind.PERSON, new UUID(0, 1), null, 1.5, null))
                .hasMessageContaining("1.5");
        assertThatThrownBy(() -> new Sighting.Vote(new UUID(0, 1), null, 1.01, 1))
                .hasMessageContaining("1.01");
    }
}
