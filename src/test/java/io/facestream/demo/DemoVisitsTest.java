package io.facestream.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.faces.Box;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.RecordPointer;
import io.facestream.sightings.message.BestShot;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.Change;
import io.facestream.sightings.message.Sighting.End;
import io.facestream.sightings.message.Sighting.UnnamedReason;
import io.facestream.sightings.message.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the demo says of visits at its end. */
class DemoVisitsTest {
    private static final Instant START = Instant.parse("2026-05-04T09:30:00Z");
    private static final RecordPointer PLACE = new RecordPointer("topic", 0, 0);
    private static final Subject ADA = new Subject(Subject.Kind.PERSON, new UUID(0, 1), "Ada", 0.9, null);
    private static final Subject UNKNOWN = new Subject(Subject.Kind.UNKNOWN, null, null, null, null);
    private static final Subject STRANGER = new Subject(Subject.Kind.STRANGER, new UUID(0, 2), null, 0.9, null);

    private final DemoVisits visits = new DemoVisits("demo", START);

    private static Sighting told(String camera, String id, Change change, Subject subject, double from, double to) {
        Instant first = START.plusMillis(Math.round(1_000 * from));
        return new Sighting(
                1,
                id,
                1,
                change,
                "/cameras/" + camera,
                camera,
                first,
                START.plusMillis(Math.round(1_000 * to)),
                first,
                first,
                3,
                subject,
                subject.kind() == Subject.Kind.UNKNOWN ? null : 0L,
                new BestShot(
                        id,
                        first,
                        new Quality(80, 300, 120, new Pose(0, 0, 0), 60f),
                        new Box(1, 1, 80, 80),
                        new IdentityEvent.Pointers(PLACE, PLACE, PLACE)),
                List.of(),
                subject.kind() == Subject.Kind.UNKNOWN ? UnnamedReason.NOBODY_NEAR : null,
                change == Change.LEFT ? End.ABSENCE : null);
    }

    @Test
    void itEndsByWhoWasThereHowOftenAndForHowLong() {
        visits.note(told("demo", "a", Change.APPEARED, UNKNOWN, 0, 0.2));
        visits.note(told("demo", "a", Change.LEFT, ADA, 0, 2.5));
        visits.note(told("demo", "b", Change.LEFT, ADA, 10, 11));
        visits.note(told("demo", "c", Change.LEFT, UNKNOWN, 3, 4.04));
        visits.note(told("demo", "d", Change.LEFT, STRANGER, 5, 6));

        assertThat(visits.summary())
                .containsExactly(
                        "00000000-0000-0000-0000-000000000002 was there for 1.0 s in 1 visit.",
                        "Ada was there for 3.5 s in 2 visits.",
                        "Somebody unknown was there for 1.0 s in 1 visit.");
        assertThat(visits.missing(Set.of("Ada", "Grace"))).containsExactly("Grace");
    }

    @Test
    void itIsOverOnceEverybodyHasLeft() {
        assertThat(visits.over()).as("before anybody came").isFalse();
        visits.note(told("demo", "a", Change.APPEARED, ADA, 0, 0.2));
        assertThat(visits.over()).isFalse();

        visits.note(told("demo", "a", Change.LEFT, ADA, 0, 2));

        assertThat(visits.over()).isTrue();
    }

    @Test
    void visitsOfEarlierRunsAndOtherCamerasAreNotOfThisOne() {
        assertThat(visits.note(told("lobby", "a", Change.LEFT, ADA, 0, 1))).isFalse();
        assertThat(visits.note(told("demo", "b", Change.LEFT, ADA, -1, 1))).isFalse();

        assertThat(visits.summary()).isEmpty();
    }
}
