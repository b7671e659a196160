package io.facestream.web.health;

import java.time.Duration;
import java.util.List;

/**
 * What the broker says; what it refuses to say is null.
 *
 * @param isAway whether it does not answer: then there is nothing else
 * @param disks of the brokers
 */
public record Broker(boolean isAway, List<Input> inputs, List<Kept> topics, List<Disk> disks) {
    static final Broker AWAY = new Broker(true, List.of(), List.of(), List.of());

    public Broker {
        inputs = List.copyOf(inputs);
        topics = List.copyOf(topics);
        disks = List.copyOf(disks);
    }

    /**
     * What a stage has not read yet.
     *
     * @param waiting records, marks of transactions among them; null if it has read nothing yet or this cannot
     *     be known
     * @param isBehind whether they are more than those marks
     * @param oldest how old the oldest of them is, to the second; null if it is not behind
     */
    public record Input(String stage, String topic, Long waiting, boolean isBehind, Duration oldest) {}

    /**
     * How long a topic keeps records.
     *
     * @param days null if it keeps the last record of each key
     * @param hours beyond whole days
     * @param bytes of all replicas on the brokers' disks
     */
    public record Kept(String topic, Long days, Integer hours, Long bytes) {
        static Kept of(String topic, Duration retention, Long bytes) {
            return new Kept(
                    topic,
                    retention == null ? null : retention.toDays(),
                    retention == null ? null : retention.toHoursPart(),
                    bytes);
        }
    }

    /** The disk of one broker. */
    public record Disk(int broker, long free, long total) {}
}
