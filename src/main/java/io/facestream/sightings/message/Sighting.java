package io.facestream.sightings.message;

import com.fasterxml.jackson.annotation.JsonValue;
import io.facestream.messaging.CloudEventRecords;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

/**
 * One visit of one subject to one camera, as far as it has got: the JSON of {@code sightings}. Each message of a visit
 * tells the whole of it and replaces the one before.
 *
 * @param schemaVersion of this JSON; increases when the meaning of a field changes
 * @param sightingId the event id of the visit's first face; unique per source, the same after a replay
 * @param sequence 1, 2, ...: of two messages of a visit the one with the greater number is the later one
 * @param change why this message was sent
 * @param source the CloudEvents source of the first face, a URI reference
 * @param firstSeen capture time of the first face
 * @param lastSeen capture time of the latest face so far
 * @param firstAppendedAt when the broker appended the frame of the first face: the visit's day, whatever the camera's
 *     clock says
 * @param lastAppendedAt when the broker appended the frame of the latest face: how old this news is
 * @param frames frames with this face so far
 * @param namedAfterMillis from the first face to the first name, by capture times; null while unnamed
 * @param best the best view of the face so far
 * @param votes those who the faces are like, the likeliest first; at most {@value #MOST_VOTES}
 * @param reason why nobody is named; null if the subject is a person
 * @param endedBy why it is over; present only in {@code left}
 */
public record Sighting(
        int schemaVersion,
        String sightingId,
        int sequence,
        Change change,
        String source,
        String camera,
        Instant firstSeen,
        Instant lastSeen,
        Instant firstAppendedAt,
        Instant lastAppendedAt,
        long frames,
        Subject subject,
        Long namedAfterMillis,
        BestShot best,
        List<Vote> votes,
        UnnamedReason reason,
        End endedBy) {
    /** The {@code ce_type} of its records. */
    public static final String TYPE = CloudEventRecords.type("sighting");

    public static final int SCHEMA_VERSION = 1;

    /** More than one are shown so that one sees who else it might have been. */
    public static final int MOST_VOTES = 8;

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant TOO_LATE = Instant.parse("+10000-01-01T00:00:00Z");

    /** @throws IllegalArgumentException if a field is out of its range, or two fields contradict each other */
    public Sighting {
        require(schemaVersion == SCHEMA_VERSION, "schemaVersion is " + SCHEMA_VERSION + ", not " + schemaVersion);
        Objects.requireNonNull(sightingId, "sightingId");
        require(sequence >= 1, "sequence is 1 or more, not " + sequence);
        Objects.requireNonNull(change, "change");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(camera, "camera");
        Objects.requireNonNull(firstSeen, "firstSeen");
        Objects.requireNonNull(lastSeen, "lastSeen");
        Objects.requireNonNull(firstAppendedAt, "firstAppendedAt");
        Objects.requireNonNull(lastAppendedAt, "lastAppendedAt");
        for (Instant time : List.of(firstSeen, lastSeen, firstAppendedAt, lastAppendedAt)) {
            require(
                    !time.isBefore(EARLIEST) && time.isBefore(TOO_LATE),
                    "times are of the years 1 to 9999, not " + time);
        }
        require(!lastSeen.isBefore(firstSeen), "lastSeen " + lastSeen + " is before firstSeen " + firstSeen);
        require(
                !lastAppendedAt.isBefore(firstAppendedAt),
                "lastAppendedAt " + lastAppendedAt + " is before firstAppendedAt " + firstAppendedAt);
        require(frames >= 1, "frames is 1 or more, not " + frames);
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(best, "best");
        votes = votes == null ? List.of() : List.copyOf(votes);
        require(votes.size() <= MOST_VOTES, "there are at most " + MOST_VOTES + " votes, not " + votes.size());
        boolean unknown = subject.kind() == Subject.Kind.UNKNOWN;
        require(unknown == (reason != null), "a reason is given for those who are unknown, and for nobody else");
        require(
                unknown == (namedAfterMillis == null) && (unknown || namedAfterMillis >= 0),
                "namedAfterMillis is 0 or more for those who are named, not " + namedAfterMillis);
        require((change == Change.LEFT) == (endedBy != null), "endedBy is given in left, and nowhere else");
    }

    /** The CloudEvents id of its record: unique per source, and the same after a replay that sends the same. */
    public String id() {
        return sightingId + "/" + sequence;
    }

    /** Why a message is sent. */
    public enum Change {
        /** Somebody is there: the first message of a visit. */
        APPEARED,
        /** The subject or the best view changed, or the last message is a while ago. */
        UPDATED,
        /** The visit is over, unless a {@code RETURNED} follows. */
        LEFT,
        /** Somebody who had left is back, so the visit goes on. */
        RETURNED;

        @JsonValue
        public String code() {
            return Sighting.code(this);
        }
    }

    /** Why nobody is named: what most of the faces have in common. */
    public enum UnnamedReason {
        /** Nobody's template is near enough. */
        NOBODY_NEAR,
        /** Two people are about as near. */
        TWO_AS_NEAR,
        /** The faces are too small to be judged. */
        TOO_SMALL,
        /** The faces are too blurred to be judged. */
        TOO_BLURRED,
        /** The embeddings are too short to be judged. */
        LOW_NORM,
        /** Some faces are somebody's, but too few, or all of one moment. */
        TOO_FEW_FACES,
        /** The nearest person was ruled out by hand. */
        NOT_THIS_PERSON;

        @JsonValue
        public String code() {
            return Sighting.code(this);
        }
    }

    /** Why a visit is over. */
    public enum End {
        /** The face was not seen for longer than the settings allow. */
        ABSENCE;

        @JsonValue
        public String code() {
            return Sighting.code(this);
        }
    }

    /**
     * Somebody the faces are like.
     *
     * @param identityId never changes
     * @param name absent if the messages of this process have not named this person lately
     * @param weight share of the faces, weighted by quality, that are this person's by their probabilities, 0 to 1
     * @param faces number of faces that were KNOWN as this person
     */
    public record Vote(UUID identityId, String name, double weight, long faces) {
        public Vote {
            Objects.requireNonNull(identityId, "identityId");
            require(weight >= 0 && weight <= 1, "a vote's weight is 0 to 1, not " + weight);
            require(faces >= 0, "a vote's faces are 0 or more, not " + faces);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    private static String code(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
