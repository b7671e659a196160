package io.facestream.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads a topic from its beginning to its end of now. */
public final class WholeTopic {
    private static final Duration POLL = Duration.ofMillis(200);

    private WholeTopic() {}

    /**
     * Hands over every record that the topic holds, in order within each partition.
     *
     * @throws IllegalStateException if the broker does not deliver them in time
     */
    public static void read(
            KafkaConnection connection, Topic topic, Duration atMost, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        long deadline = System.nanoTime() + atMost.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(Map.of("auto.offset.reset", "earliest"))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the broker has not delivered the topic " + topic.topicName()
                            + " within " + atMost.toSeconds() + " s");
                }
                consumer.poll(POLL).forEach(each);
            }
        }
    }
}
