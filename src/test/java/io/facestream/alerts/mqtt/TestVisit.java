package io.facestream.alerts.mqtt;

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

/** A visit, told message by message. */
final class TestVisit {
    private static final RecordPointer POINTER = new RecordPointer("detected-faces", 0, 7);

    private final String id;
    private final String camera;
    private final Instant begin;
    private int sequence;

    TestVisit(String id, String camera, Instant begin) {
        this.id = id;
        this.camera = camera;
        this.begin = begin;
    }

    Sighting nobody(Change change, long second) {
        return message(
                change, second, new Subject(Subject.Kind.UNKNOWN, null, null, null, null), UnnamedReason.NOBODY_NEAR);
    }

    Sighting of(UUID identity, String name, Change change, long second) {
        return message(change, second, new Subject(Subject.Kind.PERSON, identity, name, 0.97, null), null);
    }

    /** It was somebody else. */
    Sighting notOf(UUID former, UUID identity, String name, long second) {
        return message(
                Change.UPDATED,
                second,
                new Subject(
                        Subject.Kind.PERSON,
                        identity,
                        name,
                        0.97,
                        new Subject.Former(Subject.Kind.PERSON, former, null)),
                null);
    }

    private Sighting message(Change change, long second, Subject subject, UnnamedReason reason) {
        Instant last = begin.plusSeconds(second);
        sequence++;
        return new Sighting(
                Sighting.SCHEMA_VERSION,
                id,
                sequence,
                change,
                "/cameras/test",
                camera,
                begin,
                last,
                begin,
                last,
                second + 1,
                subject,
                subject.identityId() == null ? null : 600L,
                new BestShot(
                        id,
                        begin,
                        new Quality(80, 300, 120, new Pose(0, 0, 0), 60f),
                        new Box(1, 1, 80, 80),
                        new IdentityEvent.Pointers(POINTER, POINTER, POINTER)),
                List.of(),
                reason,
                change == Change.LEFT ? End.ABSENCE : null);
    }
}
