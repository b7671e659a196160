package io.facestream.faces;

import io.cloudevents.CloudEvent;
import io.facestream.frames.FrameInfo;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import java.util.Objects;

/**
 * Follows the faces of a frame, even if there are none, so that a subscriber knows when a frame is complete.
 *
 * @param faces number of face records before this mark
 * @param omitted number of faces beyond the limit per frame, the least confident ones
 */
public record FrameMark(FrameInfo frame, int faces, int omitted) {
    /** The {@code ce_type} of frame marks on every topic. */
    public static final String TYPE = "io.facestream.frame-mark.v1";

    public FrameMark {
        Objects.requireNonNull(frame, "frame");
        if (faces < 0 || omitted < 0) {
            throw new IllegalArgumentException("numbers of faces must be 0 or more, not " + faces + " and " + omitted);
        }
    }

    /** @throws RejectedException if an event of this type does not hold a mark */
    public static void check(CloudEvent event) throws RejectedException {
        Json.read(CloudEventRecords.data(event), FrameMark.class);
    }

    /** Unique per source, the same after a replay: the frame's id, then {@code #mark}. */
    public String id() {
        return frame.id() + "#mark";
    }
}
