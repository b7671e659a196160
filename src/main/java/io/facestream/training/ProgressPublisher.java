package io.facestream.training;

import io.facestream.training.commands.TrainingProgress;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.KafkaException;

/** Publishes how commands get on. */
interface ProgressPublisher {
    /**
     * Publishes news of a running command, in the order of the calls.
     *
     * @return completed once the broker has them, failed if it has not taken them
     * @throws IllegalStateException if too many wait to be sent
     */
    CompletionStage<Void> publish(TrainingProgress progress);

    /**
     * Publishes a command's end.
     *
     * @return false where the broker refuses this message, and would again
     * @throws KafkaException if it was not taken for another reason: try again
     */
    boolean announce(UUID command, byte[] progress);
}
