package io.facestream.sightings.streams;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Kafka Streams' clients as it makes them itself, but for the consumers of its threads. */
final class InputClients implements KafkaClientSupplier, InputEnd {
    /** By the thread that uses it: Kafka Streams makes a consumer on one thread and uses it on another. */
    private final Map<Thread, InputConsumer> consumers = new ConcurrentHashMap<>();

    private final long created = System.nanoTime();

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new InputConsumer(config, consumer -> consumers.put(Thread.currentThread(), consumer));
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return getRestoreConsumer(config);
    }

    @Override
    public void processed(TopicPartition partition, long offset) {
        ofThisThread().ifPresent(consumer -> consumer.processed(partition, offset));
    }

    @Override
    public boolean isReached(int partition) {
        return ofThisThread().map(consumer -> consumer.isReached(partition)).orElse(false);
    }

    private Optional<InputConsumer> ofThisThread() {
        return Optional.ofNullable(consumers.get(Thread.currentThread()));
    }

    private Collection<InputConsumer> alive() {
        consumers.keySet().removeIf(thread -> !thread.isAlive());
        return consumers.values();
    }

    /** The next offset of each partition of this process. */
    Map<TopicPartition, Long> done() {
        Map<TopicPartition, Long> done = new HashMap<>();
        alive().forEach(consumer -> done.putAll(consumer.done()));
        return done;
    }

    /** Whether every thread has joined its group. */
    boolean hasBegun() {
        Collection<InputConsumer> alive = alive();
        return !alive.isEmpty() && alive.stream().allMatch(InputConsumer::hasBegun);
    }

    /** Time since the slowest thread last asked for records while the brokers answered. */
    Duration sinceLastGoodStep() {
        return alive().stream()
                .map(InputConsumer::sinceLastGoodStep)
                .max(Comparator.naturalOrder())
                .orElseGet(() -> Duration.ofNanos(System.nanoTime() - created));
    }
}
