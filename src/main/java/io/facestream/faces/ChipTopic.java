package io.facestream.faces;

import io.cloudevents.CloudEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads chips of {@code detected-faces} by their places. Used by one thread at a time. */
public final class ChipTopic implements AutoCloseable {
    /** Several times a chip of 160 x 160 px that is nothing but noise; the tables have the same bound. */
    public static final int MOST_BYTES = 256 << 10;

    private static final String NAME = Topic.DETECTED_FACES.topicName();
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);

    /** Chips lie apart, so what follows one is not fetched with it. */
    private static final int FETCHED_BYTES = 64 << 10;

    private final KafkaConsumer<byte[], byte[]> consumer;

    /** @param client the consumer's {@code client.id} */
    public ChipTopic(KafkaConnection connection, String client) {
        consumer = connection.consumer(Map.of(
                "client.id",
                client,
                "auto.offset.reset",
                "none",
                "max.poll.records",
                "1",
                "max.partition.fetch.bytes",
                Integer.toString(FETCHED_BYTES)));
    }

    /** What lies at a place. */
    public sealed interface Found {}

    /**
     * The chip that is meant.
     *
     * @param appendedAt by the broker's clock
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Chip(byte[] png, Instant appendedAt) implements Found {}

    /** No chip that could be kept. */
    public enum Missing implements Found {
        /** It is past its retention, or another record lies there, because the topic was made anew. */
        GONE,
        /** The place is none, or what lies there is no picture, or too large. */
        UNREADABLE
    }

    /**
     * Looks places up, partition by partition.
     *
     * @param patience after this time the rest is left for another call
     * @return what lies at the places that were looked at
     * @throws org.apache.kafka.common.KafkaException if the broker does not answer
     */
    public Map<ChipPlace, Found> read(Collection<ChipPlace> wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        int partitions = consumer.partitionsFor(NAME, ANSWER).size();
        Map<ChipPlace, Found> found = new LinkedHashMap<>();
        wanted.stream()
                .filter(place -> !isPlace(place, partitions))
                .forEach(place -> found.put(place, Missing.UNREADABLE));
        Map<Integer, List<ChipPlace>> byPartition = wanted.stream()
                .filter(place -> isPlace(place, partitions))
                .sorted(Comparator.comparingLong(place -> place.chip().offset()))
                .collect(Collectors.groupingBy(place -> place.chip().partition(), TreeMap::new, Collectors.toList()));
        byPartition.forEach((partition, places) -> {
            if (System.nanoTime() < deadline) {
                read(new TopicPartition(NAME, partition), places, deadline, found);
            }
        });
        return found;
    }

    private static boolean isPlace(ChipPlace place, int partitions) {
        return place.chip().topic().equals(NAME)
                && place.chip().partition() >= 0
                && place.chip().partition() < partitions
                && place.chip().offset() >= 0;
    }

    private void read(TopicPartition partition, List<ChipPlace> places, long deadline, Map<ChipPlace, Found> found) {
        consumer.assign(List.of(partition));
        long begin = consumer.beginningOffsets(List.of(partition), ANSWER).get(partition);
        long end = consumer.endOffsets(List.of(partition), ANSWER).get(partition);
        for (ChipPlace place : places) {
            if (System.nanoTime() > deadline) {
                return;
            }
            long offset = place.chip().offset();
            Optional<ConsumerRecord<byte[], byte[]>> record =
                    offset < begin || offset >= end ? Optional.empty() : read(partition, offset);
            found.put(place, record.map(there -> chip(there, place)).orElse(Missing.GONE));
        }
    }

    private Optional<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, long offset) {
        long deadline = System.nanoTime() + ANSWER.toNanos();
        consumer.seek(partition, offset);
        try {
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    return Optional.of(record).filter(first -> first.offset() == offset);
                }
                if (consumer.position(partition, ANSWER) > offset) {
                    return Optional.empty(); // an aborted record
                }
            }
        } catch (OffsetOutOfRangeException e) {
            return Optional.empty(); // its time was up just now
        }
        throw new TimeoutException(
                partition + " at offset " + offset + " was not read within " + ANSWER.toSeconds() + " s");
    }

    private static Found chip(ConsumerRecord<byte[], byte[]> record, ChipPlace place) {
        try {
            CloudEvent event = CloudEventRecords.require(record);
            boolean isMeant = event.getType().equals(Face.DETECTED_TYPE)
                    && event.getId().equals(place.eventId())
                    && event.getSource().toString().equals(place.source());
            if (!isMeant) {
                return Missing.GONE;
            }
            byte[] png = CloudEventRecords.data(event);
            boolean isPicture = png.length <= MOST_BYTES
                    && png.length > PNG.length
                    && Arrays.equals(png, 0, PNG.length, PNG, 0, PNG.length);
            return isPicture ? new Chip(png, Instant.ofEpochMilli(record.timestamp())) : Missing.UNREADABLE;
        } catch (RejectedException e) {
            return Missing.GONE; // what lies there is no face
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
