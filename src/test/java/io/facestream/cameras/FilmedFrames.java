package io.facestream.cameras;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads what cameras have filmed: committed records of camera-frames, in order for each camera. */
final class FilmedFrames implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, List<Frame>> frames = new HashMap<>();

    /**
     * A frame.
     *
     * @param run of the thread that filmed it; each begins anew with a camera
     */
    record Frame(String run, long number, String gate, byte[] jpeg) {}

    FilmedFrames(KafkaConnection connection) {
        consumer = connection.consumer(Map.of());
        List<TopicPartition> partitions = consumer.partitionsFor(Topic.CAMERA_FRAMES.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** All frames of a camera so far. */
    List<Frame> of(String camera) {
        poll();
        return frames.getOrDefault(camera, List.of());
    }

    private void poll() {
        for (var records = consumer.poll(Duration.ofMillis(200)); !records.isEmpty(); ) {
            records.forEach(this::take);
            records = consumer.poll(Duration.ofMillis(50));
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String[] id = header(record, "ce_id").split("-", -1);
        frames.computeIfAbsent(new String(record.key(), UTF_8), camera -> new ArrayList<>())
                .add(new Frame(id[0], Long.parseLong(id[1]), header(record, "gate"), record.value()));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
