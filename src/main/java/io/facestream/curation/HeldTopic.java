package io.facestream.curation;

import io.facestream.curation.message.GalleryEvent.LeftOnTopic;
import java.time.Instant;
import java.util.List;

/**
 * What a topic held when somebody had been erased: the records before these offsets.
 *
 * @param topicId of the broker: a topic of the same name that is made later has another one; null if unknown
 * @param endOffsets by partition; null if the service might not read them
 * @param askedAt when that was; null if unknown
 * @param goneBy when the last of it is deleted by the topic's settings of that time; null if none deletes it
 * @param lateOffsets those of some minutes later, since events may have named the person for a moment; null before
 * @param goneAt when its files were deleted or are to be, now that the logs begin later; null while they do not
 */
record HeldTopic(
        String topic,
        String topicId,
        List<Long> endOffsets,
        Instant askedAt,
        Instant goneBy,
        List<Long> lateOffsets,
        Instant goneAt) {
    static HeldTopic unknown(String topic) {
        return new HeldTopic(topic, null, null, null, null, null, null);
    }

    HeldTopic late(List<Long> offsets) {
        return new HeldTopic(topic, topicId, endOffsets, askedAt, goneBy, offsets, goneAt);
    }

    HeldTopic gone(Instant at) {
        return new HeldTopic(topic, topicId, endOffsets, askedAt, goneBy, lateOffsets, at);
    }

    boolean isGone(Instant now) {
        return goneAt != null && !goneAt.isAfter(now);
    }

    /** As the answer tells it. */
    LeftOnTopic left() {
        return new LeftOnTopic(topic, endOffsets, goneBy);
    }
}
