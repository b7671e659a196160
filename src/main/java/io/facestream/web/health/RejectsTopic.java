package io.facestream.web.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Refusal;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Topic;
import io.facestream.web.Texts;
import io.facestream.web.cameras.CameraPicture;
import io.facestream.web.cameras.FramesTopic;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Reads the latest of {@code rejected-records}, without a group and for one request at a time. Of values only frames of
 * cameras are shown, if somebody asks for one: others may be anything, and anybody's photo.
 */
@ApplicationScoped
class RejectsTopic {
    private static final Logger LOG = Logger.getLogger(RejectsTopic.class);
    private static final String TOPIC = Topic.REJECTED_RECORDS.topicName();
    private static final Duration CALL = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Records that are counted. Each may have 8 MiB, which a fetch takes one by one. */
    private static final int MOST = 300;

    private static final int SHOWN = 20;

    /** Topics whose key is a camera. The key of others may be a person's name. */
    private static final Set<String> OF_CAMERAS = Set.of(
            Topic.CAMERA_FRAMES.topicName(),
            Topic.DETECTED_FACES.topicName(),
            Topic.FACE_EMBEDDINGS.topicName(),
            Topic.IDENTITY_EVENTS.topicName(),
            Topic.SIGHTINGS.topicName());

    private final KafkaConnection kafka;
    private final FramesTopic pictures;
    private final ReentrantLock reading = new ReentrantLock();

    RejectsTopic(Config properties, FramesTopic pictures) {
        this.kafka = KafkaConnection.from(properties);
        this.pictures = pictures;
    }

    /** Unknown where the broker does not answer, or does not let this role read it. */
    Rejects latest() {
        if (!reading.tryLock()) {
            return Rejects.UNKNOWN;
        }
        try (KafkaConsumer<byte[], byte[]> consumer =
                kafka.consumer(Map.of(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1 << 20))) {
            return latest(consumer);
        } catch (KafkaException e) {
            LOG.debugf("rejected records cannot be read for the page: %s", Refusal.oneLine(e));
            return Rejects.UNKNOWN;
        } finally {
            reading.unlock();
        }
    }

    private static Rejects latest(KafkaConsumer<byte[], byte[]> consumer) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<TopicPartition> all = consumer.partitionsFor(TOPIC, CALL).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all, CALL);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(all, CALL);
        boolean isCut = false;
        for (TopicPartition each : all) {
            long start = Math.max(first.get(each), ends.get(each) - MOST / all.size());
            isCut |= start > first.get(each);
            consumer.seek(each, start);
        }
        List<Rejects.Reject> read = new ArrayList<>();
        while (all.stream().anyMatch(each -> consumer.position(each, CALL) < ends.get(each))) {
            if (System.nanoTime() > deadline) {
                return Rejects.UNKNOWN;
            }
            consumer.poll(POLL).forEach(record -> read.add(reject(record)));
        }
        read.sort(Comparator.comparing(Rejects.Reject::at).reversed());
        return new Rejects(false, isCut, reasons(read), read.subList(0, Math.min(SHOWN, read.size())));
    }

    private static List<Rejects.Reason> reasons(List<Rejects.Reject> latestFirst) {
        return latestFirst.stream().collect(Collectors.groupingBy(Rejects.Reject::reason)).entrySet().stream()
                .map(each -> new Rejects.Reason(
                        each.getKey(),
                        each.getValue().size(),
                        each.getValue().get(0).at()))
                .sorted(Comparator.comparing(Rejects.Reason::records).reversed().thenComparing(Rejects.Reason::reason))
                .toList();
    }

    private static Rejects.Reject reject(ConsumerRecord<byte[], byte[]> record) {
        String topic = header(record, RejectedRecords.TOPIC);
        boolean isOfCamera = OF_CAMERAS.contains(topic);
        return new Rejects.Reject(
                Instant.ofEpochMilli(record.timestamp()),
                header(record, RejectedRecords.STAGE),
                header(record, RejectedRecords.REASON),
                isOfCamera && record.key() != null ? Texts.cut(new String(record.key(), UTF_8)) : null,
                isOfCamera ? header(record, RejectedRecords.MESSAGE) : null,
                topic + "-" + header(record, RejectedRecords.PARTITION) + "-" + header(record, RejectedRecords.OFFSET),
                isShowable(record)
                        ? "/health/rejects/" + record.partition() + "/" + record.offset() + "/picture"
                        : null);
    }

    /** A camera's frame that begins like a picture, unless it would keep a browser busy. */
    private static boolean isShowable(ConsumerRecord<byte[], byte[]> record) {
        return header(record, RejectedRecords.TOPIC).equals(Topic.CAMERA_FRAMES.topicName())
                && !header(record, RejectedRecords.REASON).equals(RejectReason.TOO_MANY_PIXELS.code())
                && FramesTopic.isPicture(record);
    }

    /** The picture of a camera's frame that was rejected, as it came; empty if it is not there, or not to be shown. */
    Optional<CameraPicture> picture(int partition, long offset) {
        return pictures.at(new RecordPointer(TOPIC, partition, offset), RejectsTopic::isShowable);
    }

    /** Empty where it is absent. */
    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : Texts.cut(new String(header.value(), UTF_8));
    }
}
