package io.facestream.sightings.streams;

import io.facestream.frames.FrameInfo;
import io.facestream.messaging.RejectedException;
import io.facestream.sightings.tracking.SeenFace;
import java.util.Map;
import java.util.UUID;

/** What a record of the two topics says. */
sealed interface Input {
    /** Which of the two topics it is from. */
    enum Side {
        VECTORS,
        EVENTS
    }

    /** Of a record that does not tell when its frame was appended. */
    long UNTIMED = -1;

    /** When the broker appended the frame, in milliseconds since the epoch, or {@link #UNTIMED}. */
    long appendedMillis();

    /** A face's vector. */
    record FaceVector(FrameInfo frame, int index, String modelVersion, float[] vector) implements Input {
        @Override
        public long appendedMillis() {
            return frame.appendedAt().toEpochMilli();
        }
    }

    /**
     * A face's event.
     *
     * @param face whose vector is empty
     * @param names of the candidates
     */
    record FaceEvent(String camera, long frameOffset, SeenFace face, Map<UUID, String> names) implements Input {
        @Override
        public long appendedMillis() {
            return UNTIMED;
        }
    }

    /** Everything of a frame has been read from one of the topics. */
    record Mark(FrameInfo frame, Side side) implements Input {
        @Override
        public long appendedMillis() {
            return frame.appendedAt().toEpochMilli();
        }
    }

    /**
     * A record that cannot be processed.
     *
     * @param value as it was; may be null
     */
    record Unusable(RejectedException why, byte[] value) implements Input {
        @Override
        public long appendedMillis() {
            return UNTIMED;
        }
    }
}
