package io.facestream.alerts;

import io.facestream.stages.WatchedLoop;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** How far this replica's share of the channel is stored, for its lag and its health. */
@ApplicationScoped
@Identifier(ChannelProgress.NAME)
class ChannelProgress implements KafkaConsumerRebalanceListener, WatchedLoop {
    /** As the channel's settings have it. */
    static final String NAME = "alerts-progress";

    private final Map<TopicPartition, Long> done = new ConcurrentHashMap<>();
    private volatile String member = "alerts";
    private volatile Supplier<Duration> step = () -> Duration.ZERO;

    /** @param step time since the last good step of what else the role does */
    void begin(String name, Supplier<Duration> sinceLastGoodStep) {
        member = name;
        step = sinceLastGoodStep;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> done.put(partition, consumer.position(partition)));
    }

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        partitions.forEach(done::remove);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        partitions.forEach(done::remove);
    }

    void stored(ConsumerRecords<byte[], byte[]> batch) {
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            // of a partition that was taken away meanwhile nothing is noted
            done.computeIfPresent(
                    new TopicPartition(record.topic(), record.partition()),
                    (partition, before) -> Math.max(before, record.offset() + 1));
        }
    }

    @Override
    public String member() {
        return member;
    }

    @Override
    public Map<TopicPartition, Long> done() {
        return Map.copyOf(done);
    }

    @Override
    public Duration sinceLastGoodStep() {
        return step.get();
    }
}
