package io.facestream.curation.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.facestream.messaging.CloudEventRecords;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * What came of a command: the JSON of {@code gallery-events}. It names nobody, so that it may outlive an erasure.
 *
 * @param schemaVersion of this JSON; increases when the meaning of a field changes
 * @param commandId null where a rejected message has no readable key
 * @param command its kind; null where it could not be read
 * @param reason why it was rejected: a stable code; null otherwise
 * @param message why it was rejected or has failed, in words; null otherwise
 * @param person whom it made, renamed, or merged others into; whose a face is not, or a visit is; null if none
 * @param people how many people it changed; null where it is about one
 * @param samples how many photos it moved, deleted or added; null where it is not about photos
 * @param revision of the gallery after it: whoever reads the gallery at this revision or later sees the change
 * @param erased of an erasure, what was erased, by table; null otherwise
 * @param topics of an erasure, what topics hold for a while yet, or held until it was verified; null otherwise
 * @param receipt of an erasure that was no dry run; null otherwise
 */
public record GalleryEvent(
        int schemaVersion,
        String commandId,
        String command,
        State state,
        String reason,
        String message,
        UUID person,
        Long people,
        Long samples,
        Long revision,
        List<Erased> erased,
        List<LeftOnTopic> topics,
        Receipt receipt) {
    /** {@code ce_type} of its records. */
    public static final String TYPE = CloudEventRecords.type("gallery-event");

    /** The reason of what is no command. */
    public static final String BAD_COMMAND = "bad-command";

    private static final int SCHEMA_VERSION = 1;

    /** How a command ended. */
    public enum State {
        @JsonProperty("done")
        DONE,
        /** It is not possible as things are; nothing has changed. */
        @JsonProperty("rejected")
        REJECTED,
        /** A fault of ours; nothing has changed. */
        @JsonProperty("failed")
        FAILED,
        /** Nothing is left of whom an erasure erased: a second event, after that it was done. */
        @JsonProperty("verified")
        VERIFIED;

        /** As the JSON, the database and the metrics have it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Rows of a table.
     *
     * @param rows that were erased
     * @param remaining that are left of the person
     */
    public record Erased(String table, long rows, long remaining) {}

    /**
     * What a topic may hold of whoever was erased: the records before these offsets.
     *
     * @param endOffsets by partition; null if the service may not read them
     * @param goneBy when the last of them, and its file, is deleted; null if no setting of the topic deletes it
     */
    public record LeftOnTopic(String topic, List<Long> endOffsets, Instant goneBy) {}

    /**
     * What shows that somebody was erased.
     *
     * @param countedBy the SQL that counts what is left, by table
     * @param trainedVersions networks that were trained on the person, or come from one that was, or were taught by one
     * @param notCovered what may hold the person for longer: {@link #NOT_COVERED}
     * @param verifiedAt when nothing was left; null before
     */
    public record Receipt(
            Instant erasedAt,
            String countedBy,
            List<TrainedVersion> trainedVersions,
            List<String> notCovered,
            Instant verifiedAt) {
        /** Copies that the service does not know of; schemas/gallery-event.json explains each. */
        public static final List<String> NOT_COVERED =
                List.of("backups", "wal-archives", "free-space", "copies-of-topics", "delivered-alerts", "exports");
    }

    /** @param status as {@code facestream.models} has it: retired, or active if it is in use */
    public record TrainedVersion(String version, String status) {}

    /** The answer to a message that is no command. */
    public static GalleryEvent unreadable(String commandId, String why) {
        return rejected(commandId, null, BAD_COMMAND, why);
    }

    public static GalleryEvent rejected(String commandId, String command, String reason, String why) {
        return ended(commandId, command, State.REJECTED, reason, why);
    }

    public static GalleryEvent failed(String commandId, String command, String why) {
        return ended(commandId, command, State.FAILED, null, why);
    }

    private static GalleryEvent ended(String commandId, String command, State state, String reason, String why) {
        return new GalleryEvent(
                SCHEMA_VERSION, commandId, command, state, reason, why, null, null, null, null, null, null, null);
    }

    /** A command that was done, about one person, several or none. */
    public static GalleryEvent done(GalleryCommand command, UUID person, Long people, Long samples, long revision) {
        return done(command, person, people, samples, revision, null, null);
    }

    /** @param receipt null of a dry run */
    public static GalleryEvent erased(
            GalleryCommand.Erase command, long revision, List<Erased> erased, Receipt receipt) {
        return done(command, null, null, null, revision, erased, receipt);
    }

    private static GalleryEvent done(
            GalleryCommand command,
            UUID person,
            Long people,
            Long samples,
            long revision,
            List<Erased> erased,
            Receipt receipt) {
        return new GalleryEvent(
                SCHEMA_VERSION,
                command.commandId().toString(),
                command.kind(),
                State.DONE,
                null,
                null,
                person,
                people,
                samples,
                revision,
                erased,
                null,
                receipt);
    }

    /** @param topics what they held, all of which is gone */
    public static GalleryEvent verified(UUID command, List<LeftOnTopic> topics, Receipt receipt) {
        return new GalleryEvent(
                SCHEMA_VERSION,
                command.toString(),
                "erase",
                State.VERIFIED,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                topics,
                receipt);
    }
}
