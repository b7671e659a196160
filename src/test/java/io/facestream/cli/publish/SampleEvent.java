package io.facestream.cli.publish;

import io.facestream.faces.Box;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.faces.StageMillis;
import io.facestream.identities.Candidate;
import io.facestream.identities.Identification.Decision;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.RecordPointer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Identity events made for tests: a face of 87 px at 120,45, threshold 1.10. */
public final class SampleEvent {
    public static final Instant CAPTURED_AT = Instant.parse("2026-03-01T10:15:30.250Z");

    private SampleEvent() {}

    public static IdentityEvent of(String camera, Decision decision, Candidate... candidates) {
        Candidate nearest = candidates.length == 0 ? null : candidates[0];
        boolean known = decision == Decision.KNOWN;
        Point point = new Point(150, 80);
        RecordPointer pointer = new RecordPointer("camera-frames", 0, 42);
        return new IdentityEvent(
                1,
                "frame-1#0",
                new IdentityEvent.Origin(
                        "/cameras/" + camera, camera, "frame-1", CAPTURED_AT, new IdentityEvent.Size(640, 480), null),
                new IdentityEvent.EventFace(
                        0,
                        new Box(120.4f, 44.6f, 87, 110),
                        new IdentityEvent.BoxRatios(0.19f, 0.09f, 0.14f, 0.23f),
                        0.99f,
                        new Landmarks(point, point, point, point, point),
                        new Quality(87, 300, 120, new Pose(0, 0, 0), 20f)),
                null,
                new IdentityEvent.Judgement(
                        decision,
                        null,
                        known ? nearest.identityId() : null,
                        known ? nearest.name() : null,
                        null,
                        nearest == null ? null : nearest.distance(),
                        nearest == null ? null : 0.9f,
                        0.5,
                        1.1f,
                        0.05f,
                        List.of(candidates)),
                "model-1",
                7,
                new IdentityEvent.Pointers(pointer, pointer, pointer),
                new StageMillis(10, 5f, 1f));
    }

    public static Candidate candidate(String name, float distance) {
        return new Candidate(UUID.randomUUID(), name, distance, 1 - distance * distance / 2);
    }
}
