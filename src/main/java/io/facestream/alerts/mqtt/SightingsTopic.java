package io.facestream.alerts.mqtt;

import io.facestream.database.Refusal;
import io.facestream.messaging.Backoff;
import io.facestream.messaging.Heartbeats;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.SightingReader;
import io.facestream.stages.WatchedLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Reads {@code sightings}, all partitions in one replica. It begins as far back as open visits have told of themselves,
 * so that who reads knows of each of them. The group's offsets only tell which messages are news.
 */
final class SightingsTopic implements Runnable, ConsumerRebalanceListener, WatchedLoop {
    private static final Logger LOG = Logger.getLogger(SightingsTopic.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    /** As the stages have it: after a kill, another replica takes over within about 10 s. */
    private static final Duration SESSION = Duration.ofSeconds(10);

    private final KafkaConnection connection;
    private final String group;
    private final Duration back;
    private final Listener listener;
    private final SightingReader reader;
    private final Map<TopicPartition, Long> news = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Set<TopicPartition> read = new HashSet<>();
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean running = true;
    private volatile boolean begun;
    private volatile long lastGoodStep = System.nanoTime();

    /** Hears of sightings, in the reading thread. */
    interface Listener {
        /** This replica is the one that reads. */
        void begin();

        /**
         * A message of a visit.
         *
         * @param isNews whether nobody took it before
         */
        void take(Sighting message, boolean isNews);

        /** Is called several times a second, once everything was read that was there at the beginning. */
        void step();

        /** This replica does not read any longer. */
        void end();
    }

    /**
     * A reader that is not started yet.
     *
     * @param back how far
     * @param unreadable is called for each record that is no sighting
     */
    SightingsTopic(KafkaConnection connection, String group, Duration back, Listener listener, Runnable unreadable) {
        this.connection = connection;
        this.group = group;
        this.back = back;
        this.listener = listener;
        this.reader = new SightingReader(unreadable);
    }

    void stop() {
        running = false;
        KafkaConsumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
    }

    @Override
    public void run() {
        Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
        while (running) {
            try (KafkaConsumer<byte[], byte[]> opened = connection.consumer(settings())) {
                consumer = opened;
                Heartbeats heartbeats = new Heartbeats(opened, SESSION);
                opened.subscribe(List.of(Topic.SIGHTINGS.topicName()), this);
                try {
                    while (running) {
                        poll(opened);
                        if (heartbeats.isInTouch()) {
                            pauses.reset();
                            begun = true;
                            lastGoodStep = System.nanoTime();
                        }
                    }
                } finally {
                    consumer = null;
                    stand();
                    opened.close(CloseOptions.timeout(CLOSE));
                }
            } catch (WakeupException e) {
                LOG.debugf("%s was asked to stop", group);
            } catch (RuntimeException e) {
                // Whatever it is, it must not end this thread for good, nor the webhooks of the same process.
                if (running) {
                    LOG.warnf(
                            "%s starts over in %d ms: %s", group, pauses.next().toMillis(), Refusal.oneLine(e));
                    sleep(pauses.take());
                }
            }
        }
    }

    @Override
    public String member() {
        return group;
    }

    @Override
    public Duration sinceLastGoodStep() {
        return Duration.ofNanos(System.nanoTime() - lastGoodStep);
    }

    /** Whether it has joined its group. */
    boolean hasBegun() {
        return begun;
    }

    private Map<String, Object> settings() {
        return Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(OneReaderAssignor.class),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "latest",
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                Math.toIntExact(SESSION.toMillis()),
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                Math.toIntExact(SESSION.toMillis() / 3),
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                10_000,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                15_000,
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                1_000);
    }

    private void poll(KafkaConsumer<byte[], byte[]> opened) {
        Map<TopicPartition, OffsetAndMetadata> taken = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : opened.poll(POLL)) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            boolean isNews = record.offset() >= news.getOrDefault(partition, 0L);
            reader.read(record).ifPresent(message -> listener.take(message, isNews));
            if (isNews) {
                taken.put(partition, new OffsetAndMetadata(record.offset() + 1));
            }
        }
        if (!taken.isEmpty()) {
            opened.commitAsync(taken, (offsets, failure) -> {
                if (failure != null) {
                    LOG.debug("offsets were not committed; the next ones are", failure);
                }
            });
        }
        ends.keySet().removeIf(partition -> opened.position(partition) >= ends.get(partition));
        if (ends.isEmpty() && !read.isEmpty()) {
            listener.step();
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        KafkaConsumer<byte[], byte[]> opened = consumer;
        Set<TopicPartition> added = Set.copyOf(partitions);
        Map<TopicPartition, Long> latest = opened.endOffsets(added);
        Map<TopicPartition, OffsetAndMetadata> committed = opened.committed(added);
        long since = Instant.now().minus(back).toEpochMilli();
        Map<TopicPartition, OffsetAndTimestamp> first =
                opened.offsetsForTimes(added.stream().collect(Collectors.toMap(each -> each, each -> since)));
        for (TopicPartition partition : added) {
            OffsetAndMetadata taken = committed.get(partition);
            news.put(partition, taken == null ? latest.get(partition) : taken.offset());
            OffsetAndTimestamp start = first.get(partition);
            opened.seek(partition, start == null ? latest.get(partition) : start.offset());
        }
        ends.putAll(latest);
        if (read.isEmpty()) {
            LOG.infof("%s: this replica publishes states and events", group);
            listener.begin();
        }
        read.addAll(added);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        boolean wasReading = !read.isEmpty();
        partitions.forEach(partition -> {
            read.remove(partition);
            ends.remove(partition);
            news.remove(partition);
        });
        // Closing the consumer reports as revoked, once more, what stand() has given up.
        if (wasReading && read.isEmpty()) {
            listener.end();
        }
    }

    /** Stands by. */
    private void stand() {
        onPartitionsRevoked(Set.copyOf(read));
    }

    private void sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }
}
