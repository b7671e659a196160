package io.facestream.web.visits;

import io.facestream.database.Refusal;
import io.facestream.faces.ChipPlace;
import io.facestream.faces.ChipTopic;
import io.facestream.faces.ChipTopic.Chip;
import io.facestream.faces.LazyChips;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Topic;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Faces of visits that the database does not keep, such as those of somebody unknown, while {@code detected-faces}
 * holds them. All requests share one consumer. A broker that is away costs one request its patience, and the others
 * nothing for a while.
 */
@ApplicationScoped
class FacesTopic {
    /** How long the topic keeps a face, unless its broker was told otherwise. */
    static final Duration KEPT = Topic.DETECTED_FACES.retention();

    private static final Logger LOG = Logger.getLogger(FacesTopic.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final LazyChips chips;
    private final ReentrantLock turn = new ReentrantLock();
    private long pausedUntil = System.nanoTime();

    @Inject
    FacesTopic(Config properties) {
        this(() -> new ChipTopic(KafkaConnection.from(properties), "facestream-web-faces"));
    }

    FacesTopic(Supplier<ChipTopic> opening) {
        chips = new LazyChips(opening);
    }

    /** A face's place on the topic. */
    static ChipPlace place(String source, String event, int partition, long offset) {
        return new ChipPlace(source, event, new RecordPointer(Topic.DETECTED_FACES.topicName(), partition, offset));
    }

    /** The face, a PNG; empty if it is not there any more, or the broker does not answer. */
    Optional<byte[]> at(ChipPlace place) {
        boolean isOurs = false;
        try {
            isOurs = turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return isOurs && System.nanoTime() - pausedUntil >= 0 ? read(place) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            if (isOurs) {
                turn.unlock();
            }
        }
    }

    private Optional<byte[]> read(ChipPlace place) {
        try {
            return chips.read(List.of(place), PATIENCE).get(place) instanceof Chip chip
                    ? Optional.of(chip.png())
                    : Optional.empty();
        } catch (KafkaException e) {
            LOG.debugf("%s cannot be read for the page: %s", place, Refusal.oneLine(e));
            pausedUntil = System.nanoTime() + PAUSE.toNanos();
            return Optional.empty();
        }
    }

    @PreDestroy
    void close() {
        turn.lock();
        try {
            chips.close();
        } finally {
            turn.unlock();
        }
    }
}
