package io.facestream.alerts.target;

import io.facestream.messaging.CloudEventRecords;
import io.facestream.sightings.message.BestShot;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import java.time.Instant;
import java.util.Objects;

/**
 * What a target is told: a rule applies to a visit. It is the same at every try, but for a name that changed meanwhile.
 *
 * @param schemaVersion of this JSON; increases when the meaning of a field changes
 * @param alertId the idempotency key: one for each visit, rule, target and subject, whatever is repeated or replayed
 * @param rule the name of the rule
 * @param target the name of the target
 * @param source with {@code sightingId}, which visit it is
 * @param sequence of the visit's message that made the alert
 * @param change why that message was sent; never {@code left}
 * @param firstSeen capture time of the visit's first face
 * @param lastSeen capture time of the latest face in that message
 * @param firstAppendedAt when the broker appended the frame of the first face
 * @param lastAppendedAt when the broker appended the frame of the latest face: how old the news is
 * @param frames frames with the face in that message
 * @param subject who it is, with the name of today; {@code supersedes} is whom an earlier alert of the rule named
 * @param reason why nobody is named; null if the subject is a person
 * @param best the best view of the face in that message
 */
public record Alert(
        int schemaVersion,
        String alertId,
        String rule,
        String target,
        String source,
        String sightingId,
        int sequence,
        Sighting.Change change,
        String camera,
        Instant firstSeen,
        Instant lastSeen,
        Instant firstAppendedAt,
        Instant lastAppendedAt,
        long frames,
        Subject subject,
        Sighting.UnnamedReason reason,
        BestShot best) {
    /** The CloudEvents type. */
    public static final String TYPE = CloudEventRecords.type("alert");

    public static final int SCHEMA_VERSION = 1;

    public Alert {
        Objects.requireNonNull(alertId, "alertId");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(sightingId, "sightingId");
        Objects.requireNonNull(change, "change");
        Objects.requireNonNull(camera, "camera");
        Objects.requireNonNull(firstSeen, "firstSeen");
        Objects.requireNonNull(lastSeen, "lastSeen");
        Objects.requireNonNull(firstAppendedAt, "firstAppendedAt");
        Objects.requireNonNull(lastAppendedAt, "lastAppendedAt");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(best, "best");
    }
}
