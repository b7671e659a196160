package io.facestream.cli.topics;

import io.facestream.configuration.Settings;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.messaging.TopicsConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/** Reads every partition of a topic without a group: each follower sees all records. */
public final class TopicFollower implements AutoCloseable {
    /** Where a follower begins. */
    public enum From {
        BEGINNING,
        /** Records committed from now on. Once the constructor has returned, none is missed. */
        NOW
    }

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;

    public TopicFollower(Settings settings, Topic topic, From from) {
        this(settings, settings.kafka(), topic, from);
    }

    /** @param kafka the connection, with timeouts of its own */
    public TopicFollower(Settings settings, KafkaConnection kafka, Topic topic, From from) {
        TopicAdmin.ensure(kafka, settings.get(TopicsConfig.class), List.of(topic));
        this.topic = topic.topicName();
        // If the topic was created again, or retention has passed the position, poll decides where to continue.
        consumer = kafka.consumer(
                Map.of("max.partition.fetch.bytes", topic.maxMessageBytes(), "auto.offset.reset", "none"));
        try {
            List<TopicPartition> partitions = partitions();
            consumer.assign(partitions);
            if (from == From.BEGINNING) {
                consumer.seekToBeginning(partitions);
            } else {
                consumer.seekToEnd(partitions);
            }
            // Seeking is lazy, so ask for the position now, before the first record has gone by.
            partitions.forEach(consumer::position);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private List<TopicPartition> partitions() {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    /** Creates missing topics, as the service does at its start. */
    public static void ensure(Settings settings, Collection<Topic> topics) {
        TopicAdmin.ensure(settings.kafka(), settings.get(TopicsConfig.class), topics);
    }

    /** New records, in order per partition; empty if none come in that time. */
    public Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration atMost) {
        try {
            return consumer.poll(atMost);
        } catch (OffsetOutOfRangeException e) {
            consumer.seekToBeginning(e.partitions());
            return List.of();
        }
    }

    /**
     * Asks a broker for the topic's partitions, and follows those that were added, from their beginning.
     *
     * @throws RuntimeException if no broker answers
     */
    void refresh() {
        Set<TopicPartition> followed = consumer.assignment();
        List<TopicPartition> found = partitions();
        List<TopicPartition> added = found.stream()
                .filter(partition -> !followed.contains(partition))
                .toList();
        if (!added.isEmpty()) {
            consumer.assign(found);
            consumer.seekToBeginning(added);
        }
    }

    /** The offsets of the next records. */
    Map<TopicPartition, Long> positions() {
        return consumer.assignment().stream().collect(Collectors.toMap(partition -> partition, consumer::position));
    }

    /** Continues at these offsets, for partitions that still exist. */
    void seek(Map<TopicPartition, Long> positions) {
        positions.forEach((partition, offset) -> {
            if (consumer.assignment().contains(partition)) {
                consumer.seek(partition, offset);
            }
        });
    }

    @Override
    public void close() {
        consumer.close();
    }
}
