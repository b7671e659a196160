package io.facestream.cli.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.embedded.TestServices;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** A record of camera-frames as Kafka's own client reads it: key, headers, value. */
record PublishedFrame(String key, Map<String, String> headers, byte[] image) {
    String id() {
        return headers.get("ce_id");
    }

    Instant time() {
        return Instant.parse(headers.get("ce_time"));
    }

    /** Everything that the tests' broker holds of a camera, in order. */
    static List<PublishedFrame> of(String camera) {
        return of(camera, TestServices.kafka().bootstrapServers());
    }

    /** Everything that a broker holds of a camera, in order. */
    static List<PublishedFrame> of(String camera, String bootstrapServers) {
        List<PublishedFrame> frames = new ArrayList<>();
        KafkaConnection kafka = KafkaConnection.to(bootstrapServers);
        try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(Map.of())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.CAMERA_FRAMES.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    // Other tests share the broker, and publish records without keys.
                    if (record.key() != null && camera.equals(new String(record.key(), UTF_8))) {
                        frames.add(of(record));
                    }
                }
            }
        }
        return frames;
    }

    private static PublishedFrame of(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return new PublishedFrame(new String(record.key(), UTF_8), headers, record.value());
    }

    /** From each frame's capture to the next one's. */
    static List<Duration> intervals(List<PublishedFrame> frames) {
        List<Duration> intervals = new ArrayList<>();
        for (int i = 1; i < frames.size(); i++) {
            intervals.add(
                    Duration.between(frames.get(i - 1).time(), frames.get(i).time()));
        }
        return intervals;
    }
}
