package io.facestream.cli.topics;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Follows a topic across restarts of its brokers. It waits for a broker at the start, and continues where it was when
 * the brokers are back, even at another address. If the topic was created again, it continues from its beginning.
 */
public final class LastingFollower implements AutoCloseable {
    /** How often the broker is asked, since an idle topic and a lost broker look alike. */
    private static final long ASK_NANOS = Duration.ofSeconds(5).toNanos();

    private final Topic topic;
    private final BrokerWait patience;
    private KafkaConnection connection;
    private TopicFollower follower;
    private long heardNanos;

    private LastingFollower(Topic topic, BrokerWait patience) {
        this.topic = topic;
        this.patience = patience;
    }

    /**
     * @param notices gets a line when waiting for a broker begins and when it is over
     * @param stop ends the waiting when it reaches zero
     * @return empty if stopped before a broker answered
     */
    public static Optional<LastingFollower> open(
            Topic topic, TopicFollower.From from, Consumer<String> notices, CountDownLatch stop)
            throws InterruptedException {
        LastingFollower lasting = new LastingFollower(topic, new BrokerWait(notices, stop));
        return lasting.connect(from, Map.of()) ? Optional.of(lasting) : Optional.empty();
    }

    private boolean connect(TopicFollower.From from, Map<TopicPartition, Long> positions) throws InterruptedException {
        Optional<TopicFollower> connected = patience.until((kafka, settings) -> {
            connection = kafka;
            return new TopicFollower(settings, kafka, topic, from);
        });
        if (connected.isEmpty()) {
            return false;
        }
        follower = connected.get();
        follower.seek(positions);
        heardNanos = System.nanoTime();
        return true;
    }

    /** New records, in order per partition; empty if none come in that time. */
    public Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration atMost) throws InterruptedException {
        Iterable<ConsumerRecord<byte[], byte[]>> records = follower.poll(atMost);
        long now = System.nanoTime();
        if (records.iterator().hasNext()) {
            heardNanos = now;
            patience.answered("");
        } else if (now - heardNanos > ASK_NANOS) {
            ask();
            heardNanos = System.nanoTime();
        }
        return records;
    }

    private void ask() throws InterruptedException {
        try {
            follower.refresh();
            patience.answered("");
        } catch (RuntimeException e) {
            if (!BrokerWait.isSilence(e)) {
                throw e;
            }
            patience.silent(connection.bootstrapServers(), "");
            if (!BrokerWait.connection().bootstrapServers().equals(connection.bootstrapServers())) {
                Map<TopicPartition, Long> positions = follower.positions();
                follower.close();
                follower = null;
                // Starts from the beginning, so that nothing is missed that was published before the broker was found
                // again.
                connect(TopicFollower.From.BEGINNING, positions);
            }
        }
    }

    @Override
    public void close() {
        if (follower != null) {
            follower.close();
        }
    }
}
