package io.facestream.sightings.streams;

import java.util.OptionalLong;

/** How far back {@code face-embeddings} reaches. */
@FunctionalInterface
interface VectorLog {
    /**
     * The offset on {@code camera-frames} of the first frame that a partition still holds something of. Empty if it
     * holds nothing.
     *
     * @throws org.apache.kafka.common.KafkaException if the broker does not tell
     */
    OptionalLong firstFrame(int partition);
}
