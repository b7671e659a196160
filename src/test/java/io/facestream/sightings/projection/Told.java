package io.facestream.sightings.projection;

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

/** Messages about visits to the lobby. */
final class Told {
    static final RecordPointer SOMEWHERE = new RecordPointer("detected-faces", 0, 7);

    private Told() {}

    /**
     * @param identity null for somebody unknown
     * @param bestEvent of the best face
     * @param chip where the topic holds it
     */
    static Sighting of(
            String id,
            int sequence,
            Change change,
            UUID identity,
            Instant first,
            long frames,
            String bestEvent,
            RecordPointer chip) {
        boolean unknown = identity == null;
        return new Sighting(
                1,
                id,
                sequence,
                change,
                "/cameras/lobby",
                "lobby",
                first,
                first.plusSeconds(frames),
                first,
                first.plusSeconds(frames),
                frames,
                unknown
                        ? new Subject(Subject.Kind.UNKNOWN, null, null, null, null)
                        : new Subject(Subject.Kind.PERSON, identity, "a name as it was", 0.9, null),
                unknown ? null : 600L,
                new BestShot(
                        bestEvent,
                        first,
                        new Quality(80, 300, 120, new Pose(0, 0, 0), 60f),
                        new Box(1, 1, 80, 80),
                        new IdentityEvent.Pointers(chip, chip, chip)),
                List.of(),
                unknown ? UnnamedReason.NOBODY_NEAR : null,
                change == Change.LEFT ? End.ABSENCE : null);
    }
}
