package io.facestream.web.page;

import io.facestream.curation.message.GalleryEvent;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What came of a change, as the page tells it.
 *
 * @param reason why it was refused, as curation has it; null if it was done
 * @param message the same in curation's words; null if there are none
 * @param erased of an erasure, what was erased
 * @param topics of an erasure, what topics hold for a while yet
 * @param receipt of an erasure; null otherwise
 */
public record Change(
        String kind,
        String reason,
        String message,
        List<GalleryEvent.Erased> erased,
        List<GalleryEvent.LeftOnTopic> topics,
        GalleryEvent.Receipt receipt) {
    private static final Set<String> UNDOABLE = Set.of("rename", "merge", "split");

    /**
     * Something that was done, and may be told on the page that comes after it.
     *
     * @param refused why a part of it was refused; null if all of it was done
     */
    public record Done(UUID command, String kind, String refused) {
        public boolean isUndoable() {
            return UNDOABLE.contains(kind);
        }
    }

    /** How many rows were erased. */
    public long rows() {
        return erased.stream().mapToLong(GalleryEvent.Erased::rows).sum();
    }

    /** How many rows of the person are left. */
    public long remaining() {
        return erased.stream().mapToLong(GalleryEvent.Erased::remaining).sum();
    }

    /** What an answer says. */
    public static Change of(GalleryEvent answer) {
        return new Change(
                answer.command(),
                answer.state() == GalleryEvent.State.DONE ? null : answer.reason() == null ? "failed" : answer.reason(),
                answer.message(),
                answer.erased() == null ? List.of() : answer.erased(),
                answer.topics() == null ? List.of() : answer.topics(),
                answer.receipt());
    }

    /** What is refused without being asked. */
    public static Change refused(String kind, String reason, String message) {
        return new Change(kind, reason, message, List.of(), List.of(), null);
    }
}
