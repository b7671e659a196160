package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.faces.FrameMark;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** How far the stages are behind, as their consumer groups say, sampled for a while. */
final class StageLags implements AutoCloseable {
    private static final List<String> GROUPS = List.of(
            "facestream-detection",
            "facestream-embedding",
            "facestream-matching",
            "facestream-sightings",
            "facestream-sightings-projection");

    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> events;

    StageLags(KafkaConnection kafka) {
        admin = kafka.admin();
        events = kafka.consumer(Map.of("isolation.level", "read_committed"));
    }

    /**
     * What was seen.
     *
     * @param records by group, the records that it had not read, one number a sample
     * @param millis from a frame's append to that of its last event
     */
    record Seen(Map<String, List<Long>> records, List<Long> millis) {
        /** The mean and the most of each group; the median and the 95th percentile of the times. */
        @Override
        public String toString() {
            String lags = records.entrySet().stream()
                    .map(each -> String.format(
                            Locale.ROOT,
                            "%s %.1f (at most %d)",
                            each.getKey().replace("facestream-", ""),
                            each.getValue().stream()
                                    .mapToLong(Long::longValue)
                                    .average()
                                    .orElse(0),
                            Collections.max(each.getValue())))
                    .collect(Collectors.joining(", "));
            return String.format(
                    Locale.ROOT,
                    "records behind: %s; frame to event: p50 %d ms, p95 %d ms of %d",
                    lags,
                    millis.get(millis.size() / 2),
                    millis.get(millis.size() * 95 / 100),
                    millis.size());
        }
    }

    /** Watches for that long. */
    Seen watch(Duration length) throws Exception {
        List<TopicPartition> all = events.partitionsFor("identity-events").stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        events.assign(all);
        events.seekToEnd(all);
        Map<String, List<Long>> records = new TreeMap<>();
        List<Long> millis = new ArrayList<>();
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end) {
            for (ConsumerRecord<byte[], byte[]> record : events.poll(INTERVAL)) {
                if (isMark(record)) {
                    FrameMark mark = Json.read(record.value(), FrameMark.class);
                    millis.add(record.timestamp() - mark.frame().appendedAt().toEpochMilli());
                }
            }
            for (String group : GROUPS) {
                records.computeIfAbsent(group, first -> new ArrayList<>()).add(lag(group));
            }
        }
        Collections.sort(millis);
        return new Seen(records, millis);
    }

    private static boolean isMark(ConsumerRecord<byte[], byte[]> record) {
        Header type = record.headers().lastHeader(CloudEventRecords.TYPE);
        return type != null && new String(type.value(), UTF_8).equals(FrameMark.TYPE);
    }

    private long lag(String group) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> ends = admin.listOffsets(
                        read.keySet().stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest())))
                .all()
                .get();
        return read.entrySet().stream()
                .mapToLong(each ->
                        ends.get(each.getKey()).offset() - each.getValue().offset())
                .sum();
    }

    @Override
    public void close() {
        events.close();
        admin.close();
    }
}
