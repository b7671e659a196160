package io.facestream.stages;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** A broker with every topic, for tests of stages, and what they send to it and read from it. */
final class StageBroker implements AutoCloseable {
    /**
     * For tests in which something fails or takes longer than allowed: short timeouts, so that no test waits
     * long.
     */
    static final StageTimeouts IMPATIENT = new StageTimeouts(
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            StageTimeouts.PRODUCTION.session(),
            StageTimeouts.PRODUCTION.heartbeat(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            Duration.ofMillis(300),
            Duration.ofSeconds(3));

    private final EmbeddedKafka kafka;
    private final KafkaConnection connection;

    private StageBroker(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.connection = KafkaConnection.to(kafka.bootstrapServers());
    }

    static StageBroker start(Path folder) {
        StageBroker broker = new StageBroker(EmbeddedKafka.start(folder, 0));
        // Publishers that meet a topic before its leaders stay out of sequence for good.
        broker.stages("topics", new SimpleMeterRegistry()).ensureTopics(List.of(Topic.values()));
        return broker;
    }

    KafkaConnection connection() {
        return connection;
    }

    Stages stages(String instance, MeterRegistry metrics) {
        return stages(instance, metrics, StageTimeouts.PRODUCTION);
    }

    Stages stages(String instance, MeterRegistry metrics, StageTimeouts timeouts) {
        return new Stages(
                connection,
                new TestTopicsConfig(NumberedRecords.PARTITIONS, true),
                instance,
                metrics,
                TestTracer.none(),
                timeouts);
    }

    void send(Topic topic, int partition, String... values) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic.topicName(), partition, null, value.getBytes(UTF_8)));
            }
        }
    }

    /** The committed records whose values begin so, in order within a partition. */
    List<ConsumerRecord<byte[], byte[]>> committed(Topic topic, String prefix) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(Map.of())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (value(record).startsWith(prefix)) {
                        found.add(record);
                    }
                }
            }
        }
        return found;
    }

    List<String> values(Topic topic, String prefix) {
        return committed(topic, prefix).stream().map(StageBroker::value).toList();
    }

    static String value(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null ? "" : new String(record.value(), UTF_8);
    }

    /**
     * A copy of each record whose value begins so, to the same partition of {@code detected-faces}; nothing of the
     * others.
     */
    static List<List<ProducerRecord<byte[], byte[]>>> copies(
            List<ConsumerRecord<byte[], byte[]>> batch, String prefix) {
        List<List<ProducerRecord<byte[], byte[]>>> outputs = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            List<ProducerRecord<byte[], byte[]>> ofRecord = new ArrayList<>();
            outputs.add(ofRecord);
            if (value(record).startsWith(prefix)) {
                ofRecord.add(new ProducerRecord<>(
                        Topic.DETECTED_FACES.topicName(), record.partition(), record.key(), record.value()));
            }
        }
        return outputs;
    }

    @Override
    public void close() {
        kafka.close();
    }
}
