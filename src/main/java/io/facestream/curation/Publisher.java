package io.facestream.curation;

import java.util.UUID;
import org.apache.kafka.common.KafkaException;

/** Publishes answers. */
@FunctionalInterface
interface Publisher {
    /** @throws KafkaException if the broker did not take it: try again */
    void publish(UUID command, byte[] answer);
}
