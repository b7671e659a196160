package io.facestream.cli;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.messaging.TopicsConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads every partition of a topic without a group: each follower sees all. */
final class TopicFollower implements AutoCloseable {
    /** Where a follower begins. */
    enum From {
        BEGINNING,
        /** Records committed from now on: when the constructor has returned, none will be missed. */
        NOW
    }

    private final KafkaConsumer<byte[], byte[]> consumer;

    TopicFollower(Settings settings, Topic topic, From from) {
        ensure(settings, List.of(topic));
        KafkaConnection kafka = settings.kafka();
        consumer = kafka.consumer(Map.of("max.partition.fetch.bytes", topic.maxMessageBytes()));
        List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        if (from == From.BEGINNING) {
            consumer.seekToBeginning(partitions);
        } else {
            consumer.seekToEnd(partitions);
            // Seeking is lazy: the position is asked for now, not when the first record has gone by.
            partitions.forEach(consumer::position);
        }
    }

    /** Makes sure of topics, as the service does at its start. */
    static void ensure(Settings settings, Collection<Topic> topics) {
        TopicAdmin.ensure(settings.kafka(), settings.get(TopicsConfig.class), topics);
    }

    /** What has come, in order per partition; empty if nothing does for that long. */
    Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration atMost) {
        return consumer.poll(atMost);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
