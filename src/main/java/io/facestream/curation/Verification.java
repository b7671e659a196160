package io.facestream.curation;

import io.facestream.curation.ReceiptStore.Open;
import io.facestream.curation.ReceiptStore.Tended;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.LeftOnTopic;
import io.facestream.messaging.Json;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;

/**
 * Follows each erasure until nothing is left of whom it erased: no rows, none that a vacuum has not gone through, and
 * no records of that time on topics. Then it is verified, which {@code gallery-events} tell.
 *
 * <pre>
 *  erased --look--> waiting for tables, topics --look--> verified --announced--> (gallery-events has the second event)
 *                     ^              |
 *                     +--------------+
 * </pre>
 */
final class Verification {
    private final ReceiptStore store;
    private final HeldTopics broker;
    private final Publisher publisher;
    private final CurationMetrics metrics;
    private final Duration interval;

    /** @param interval between two looks at one erasure, by whichever replica */
    Verification(
            ReceiptStore store, HeldTopics broker, Publisher publisher, CurationMetrics metrics, Duration interval) {
        this.store = store;
        this.broker = broker;
        this.publisher = publisher;
        this.metrics = metrics;
        this.interval = interval;
    }

    /**
     * What topics may hold for a while of whom a command erased.
     *
     * @throws KafkaException if the broker is away: try again
     */
    List<LeftOnTopic> topics(UUID erasure) throws SQLException {
        return store.topics(erasure, broker::ask).stream().map(HeldTopic::left).toList();
    }

    /**
     * Looks at the erasure whose turn it is; returns whether there was one.
     *
     * @throws KafkaException if the broker is away: try again
     */
    boolean look() throws SQLException {
        Optional<Open> claimed = store.claim(interval);
        if (claimed.isPresent()) {
            Open erasure = claimed.get();
            if (erasure.verified() || isComplete(erasure)) {
                announce(erasure);
            }
        }
        metrics.unverified(store.unverified());
        return claimed.isPresent();
    }

    private boolean isComplete(Open erasure) throws SQLException {
        Tended tended = store.tend(erasure.id());
        List<HeldTopic> topics = broker.look(store.topics(erasure.id(), broker::ask), tended.visitsEnded());
        Instant now = Instant.now();
        List<String> waiting = new ArrayList<>();
        store.tablesWithRows(erasure.id()).forEach(table -> waiting.add("rows of " + table));
        if (tended.waitingFor() != null) {
            waiting.add(tended.waitingFor());
        }
        topics.stream()
                .filter(topic -> !topic.isGone(now))
                .map(HeldTopic::topic)
                .forEach(waiting::add);
        store.looked(erasure.id(), topics, waiting.isEmpty() ? null : String.join(", ", waiting));
        return waiting.isEmpty();
    }

    private void announce(Open erasure) throws SQLException {
        GalleryEvent event = GalleryEvent.verified(erasure.id(), topics(erasure.id()), store.receipt(erasure.id()));
        publisher.publish(erasure.id(), Json.write(event));
        store.announced(erasure.id());
    }
}
