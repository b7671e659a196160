package io.facestream.faces;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.facestream.frames.FrameInfo;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.util.Objects;

/**
 * The facts about one face, as passed from stage to stage.
 *
 * @param frame the frame that it was found in
 * @param index the face's rank in the frame by confidence, from 0
 * @param liveness how sure a network is that it is no picture of a face, 0 to 1; null if it was not asked, or failed.
 *     It is advice, and no decision rests on it
 * @param millis time spent on it so far
 */
public record Face(
        FrameInfo frame,
        int index,
        Box box,
        Landmarks landmarks,
        float confidence,
        Quality quality,
        Float liveness,
        StageMillis millis) {
    public Face {
        Objects.requireNonNull(frame, "frame");
        Objects.requireNonNull(box, "box");
        Objects.requireNonNull(landmarks, "landmarks");
        Objects.requireNonNull(quality, "quality");
        Objects.requireNonNull(millis, "millis");
        if (index < 0 || !(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException(
                    "index is 0 or more and confidence 0 to 1, not " + index + " and " + confidence);
        }
        if (liveness != null && !(liveness >= 0 && liveness <= 1)) {
            throw new IllegalArgumentException("liveness is 0 to 1, not " + liveness);
        }
    }

    public Face withQuality(Quality other) {
        return new Face(frame, index, box, landmarks, confidence, other, liveness, millis);
    }

    public Face withMillis(StageMillis other) {
        return new Face(frame, index, box, landmarks, confidence, quality, liveness, other);
    }

    /** The {@code ce_type} of the records of {@code detected-faces}. */
    public static final String DETECTED_TYPE = CloudEventRecords.type("detected-face");

    /** The attribute that holds a face's facts as JSON beside its chip: header {@code ce_face}. */
    public static final String FACTS = "face";

    /** @throws RejectedException if the event of {@code detected-faces} does not hold the facts of a face */
    public static Face of(CloudEvent detected) throws RejectedException {
        if (!(detected.getExtension(FACTS) instanceof String json)) {
            throw new RejectedException(RejectReason.BAD_HEADER, "no header ce_" + FACTS);
        }
        return Json.read(json.getBytes(UTF_8), Face.class);
    }

    /** Unique per source, the same after a replay: the frame's id, then {@code #index}. */
    public String id() {
        return frame.id() + "#" + index;
    }
}
