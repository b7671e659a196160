package io.facestream.alerts;

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
import java.util.UUID;

/** Messages of visits, as the role sightings sends them. */
public final class Visits {
    private static final RecordPointer POINTER = new RecordPointer("detected-faces", 0, 7);

    private Visits() {}

    /**
     * @param identity null for somebody unknown
     * @param at when the broker appended the latest frame
     */
    public static Sighting message(String camera, String id, int sequence, Change change, UUID identity, Instant at) {
        boolean unknown = identity == null;
        return new Sighting(
                1,
                id,
                sequence,
                change,
                "/cameras/" + camera,
                camera,
                at.minusSeconds(2),
                at,
                at.minusSeconds(2),
                at,
                2L * sequence,
                unknown
                        ? new Subject(Subject.Kind.UNKNOWN, null, null, null, null)
                        : new Subject(Subject.Kind.PERSON, identity, "a name as it was", 0.9, null),
                unknown ? null : 600L,
                new BestShot(
                        id,
                        at,
                        new Quality(80, 300, 120, new Pose(0, 0, 0), 60f),
                        new Box(1, 1, 80, 80),
                        new IdentityEvent.Pointers(POINTER, POINTER, POINTER)),
                List.of(),
                unknown ? UnnamedReason.NOBODY_NEAR : null,
                change == Change.LEFT ? End.ABSENCE : null);
    }
}
