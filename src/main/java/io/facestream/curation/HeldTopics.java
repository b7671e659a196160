package io.facestream.curation;

import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.KafkaException;

/** What topics hold of whoever was erased. */
interface HeldTopics {
    /**
     * What they hold now.
     *
     * @throws KafkaException if the broker does not answer: try again
     */
    List<HeldTopic> ask();

    /**
     * Says of each of them whether it has deleted what it held.
     *
     * @param visitsEnded when the visits had ended whose vectors a changelog holds; null while one goes on
     * @throws KafkaException if the broker does not answer: try again
     */
    List<HeldTopic> look(List<HeldTopic> held, Instant visitsEnded);
}
