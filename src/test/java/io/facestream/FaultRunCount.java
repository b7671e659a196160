package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.faces.FrameMark;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What a reader of committed records finds for every frame that is or was on {@code camera-frames}: a mark, or the
 * reason of its rejection, or that detection has told it as deleted before it was read.
 */
final class FaultRunCount {
    private static final Duration POLL = Duration.ofMillis(500);

    /** What was deleted before it was read: the offsets {@code first} to {@code last} of a partition. */
    record Skipped(String topic, int partition, long first, long last) {
        boolean holds(RecordPointer frame) {
            return frame.topic().equals(topic)
                    && frame.partition() == partition
                    && frame.offset() >= first
                    && frame.offset() <= last;
        }
    }

    /** Asks what was told as deleted so far. */
    interface Skips {
        List<Skipped> told() throws IOException;
    }

    private final KafkaConnection connection;
    private final Set<RecordPointer> sent;
    private final Skips skips;

    private List<Skipped> skipped = List.of();

    /** The camera of every frame that is still there; empty where it has none. */
    private final Map<RecordPointer, String> frames = new LinkedHashMap<>();

    private final Map<RecordPointer, Integer> marks = new HashMap<>();
    private final Map<RecordPointer, Integer> facesByMark = new HashMap<>();
    private final Map<RecordPointer, Integer> events = new HashMap<>();
    private final Map<RecordPointer, String> rejects = new HashMap<>();
    private final Map<String, Integer> reasons = new TreeMap<>();
    private final Map<String, Long> lastOfCamera = new HashMap<>();
    private int twiceRejected;
    private int outOfOrder;
    private int unreadable;
    private int elsewhere;

    /** @param sent frames that the broker has acknowledged, whether they are still there or not */
    FaultRunCount(KafkaConnection connection, Set<RecordPointer> sent, Skips skips) {
        this.connection = connection;
        this.sent = sent;
        this.skips = skips;
    }

    /** Reads all frames, and what came of them until each has an outcome, or the time is over. */
    void follow(Duration most) throws IOException {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(List.of(Topic.CAMERA_FRAMES))) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    frames.put(RecordPointer.to(record), record.key() == null ? "" : new String(record.key(), UTF_8));
                }
            }
        }
        long deadline = System.nanoTime() + most.toNanos();
        int quiet = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                consumer(List.of(Topic.IDENTITY_EVENTS, Topic.REJECTED_RECORDS))) {
            // After the last outcome some quiet polls, in which a doubled one would come.
            while (System.nanoTime() < deadline && quiet < 20) {
                int before = outcomes();
                consumer.poll(POLL).forEach(this::count);
                skipped = skips.told();
                quiet = outcomes() == before && lost() == 0 ? quiet + 1 : 0;
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(List<Topic> topics) {
        KafkaConsumer<byte[], byte[]> consumer =
                connection.consumer(Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 100));
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : topics) {
            consumer.partitionsFor(topic.topicName())
                    .forEach(partition -> partitions.add(new TopicPartition(partition.topic(), partition.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private int outcomes() {
        return marks.size() + rejects.size();
    }

    private void count(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(Topic.REJECTED_RECORDS.topicName())) {
            RecordPointer rejected = Topics.rejected(record);
            String reason = Topics.header(record, RejectedRecords.REASON);
            reasons.merge(Topics.header(record, RejectedRecords.STAGE) + " " + reason, 1, Integer::sum);
            if (!rejected.topic().equals(Topic.CAMERA_FRAMES.topicName())) {
                elsewhere++;
            } else if (rejects.put(rejected, reason) != null) {
                twiceRejected++;
            }
            return;
        }
        try {
            if (Topics.isMark(record)) {
                FrameMark mark = Json.read(record.value(), FrameMark.class);
                RecordPointer frame = mark.frame().pointer();
                marks.merge(frame, 1, Integer::sum);
                facesByMark.put(frame, mark.faces());
                Long before = lastOfCamera.put(mark.frame().camera(), frame.offset());
                outOfOrder += before != null && before >= frame.offset() ? 1 : 0;
            } else {
                IdentityEvent event = Json.read(record.value(), IdentityEvent.class);
                events.merge(event.pointers().frame(), 1, Integer::sum);
            }
        } catch (RejectedException e) {
            unreadable++;
        }
    }

    /** Frames without an outcome that nobody has told of. */
    private long lost() {
        return Stream.concat(frames.keySet().stream(), sent.stream())
                .distinct()
                .filter(frame -> !hasOutcome(frame) && !isSkipped(frame))
                .count();
    }

    private boolean hasOutcome(RecordPointer frame) {
        return marks.containsKey(frame) || rejects.containsKey(frame);
    }

    /** Whether detection has told it as deleted before it was read. */
    boolean isSkipped(RecordPointer frame) {
        return skipped.stream().anyMatch(range -> range.holds(frame));
    }

    /** Why it was rejected; null if it was not. */
    String reason(RecordPointer frame) {
        return rejects.get(frame);
    }

    long frames(String camera) {
        return frames.values().stream().filter(camera::equals).count();
    }

    /** Whether nothing was lost, doubled or out of order. */
    boolean report(BiConsumer<String, Object> line) {
        long lost = lost();
        long doubled = marks.values().stream().filter(times -> times > 1).count()
                + twiceRejected
                + marks.keySet().stream().filter(rejects::containsKey).count();
        long wrongFaces = facesByMark.entrySet().stream()
                .filter(mark ->
                        events.getOrDefault(mark.getKey(), 0) != mark.getValue().intValue())
                .count();
        long told = sent.stream().filter(this::isSkipped).count();
        long wronglyTold = Stream.concat(marks.keySet().stream(), rejects.keySet().stream())
                .filter(this::isSkipped)
                .count();
        line.accept("frames still on camera-frames", frames.size());
        line.accept("frames sent, deleted before they were read, and told so", told);
        line.accept("frames told as deleted that have an outcome", wronglyTold);
        line.accept("frames with a mark on identity-events", marks.size());
        line.accept("frames rejected", rejects.size());
        line.accept("rejects by stage and reason", reasons);
        line.accept("rejects of records between stages", elsewhere);
        line.accept(
                "identity events",
                events.values().stream().mapToInt(Integer::intValue).sum());
        line.accept("LOST", lost);
        line.accept("DOUBLED", doubled);
        line.accept("OUT OF ORDER in their camera", outOfOrder);
        line.accept("frames with more or fewer events than faces", wrongFaces);
        line.accept("unreadable events", unreadable);
        return lost == 0
                && wronglyTold == 0
                && doubled == 0
                && outOfOrder == 0
                && unreadable == 0
                && wrongFaces <= elsewhere;
    }
}
