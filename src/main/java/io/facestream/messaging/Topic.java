package io.facestream.messaging;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;

/** Every topic, with the settings for creating it. Each topic has one schema and one stage that writes it. */
public enum Topic {
    CAMERA_FRAMES("camera-frames", Partitions.BY_CAMERA, Content.PICTURES, ofHours(1), Limits.PICTURE),
    DETECTED_FACES("detected-faces", Partitions.BY_CAMERA, Content.PICTURES, ofHours(24), Limits.PICTURE),
    FACE_EMBEDDINGS("face-embeddings", Partitions.BY_CAMERA, Content.FACTS, ofHours(24), Limits.FACTS),
    IDENTITY_EVENTS("identity-events", Partitions.BY_CAMERA, Content.FACTS, ofDays(7), Limits.FACTS),
    SIGHTINGS("sightings", Partitions.BY_CAMERA, Content.FACTS, ofDays(7), Limits.FACTS),
    LABELLED_FACES("labelled-faces", Partitions.BY_NAME, Content.PICTURES, ofDays(30), Limits.PICTURE),
    ENROLMENTS("enrolments", Partitions.BY_NAME, Content.FACTS, ofDays(7), Limits.FACTS),
    TRAINING_COMMANDS("training-commands", Partitions.ONE, Content.FACTS, ofDays(30), Limits.FACTS),
    TRAINING_PROGRESS("training-progress", Partitions.ONE, Content.FACTS, ofDays(30), Limits.FACTS),
    GALLERY_COMMANDS("gallery-commands", Partitions.ONE, Content.FACTS, ofDays(7), Limits.FACTS),
    GALLERY_EVENTS("gallery-events", Partitions.ONE, Content.FACTS, ofDays(7), Limits.FACTS),
    MODEL_RELEASES("model-releases", Partitions.ONE, Content.LATEST_FACTS, ofDays(7), Limits.FACTS),
    /** Not keyed for the data path: its partitions are what replicas of the role share among them. */
    CAMERAS("cameras", Partitions.SHARES, Content.LATEST_FACTS, ofDays(7), Limits.FACTS),
    /** How each camera does; renewed every few minutes, so that those of cameras that are gone may go too. */
    CAMERA_STATES("camera-states", Partitions.ONE, Content.RENEWED_FACTS, ofDays(7), Limits.FACTS),
    REJECTED_RECORDS(
            "rejected-records", Partitions.BY_NAME, Content.PICTURES, ofDays(7), Limits.PICTURE + Limits.HEADERS);

    private static final Map<String, Topic> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Topic::topicName, topic -> topic));

    /** Camera frames are many and short-lived, so they are also limited by size, per partition. */
    private static final long CAMERA_FRAMES_RETENTION_BYTES = 1L << 30;

    /** The largest useful number of replicas that film; a handful of cameras each, if there are many. */
    private static final int SHARES_OF_CAMERAS = 64;

    private final String topicName;
    private final Partitions partitions;
    private final Content content;
    private final Duration retention;
    private final int maxMessageBytes;

    Topic(String topicName, Partitions partitions, Content content, Duration retention, int maxMessageBytes) {
        this.topicName = topicName;
        this.partitions = partitions;
        this.content = content;
        this.retention = retention;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** The name on the broker. */
    public String topicName() {
        return topicName;
    }

    /**
     * Whether stages write to the partition number that they read from. All such topics need the same number of
     * partitions.
     */
    public boolean byCamera() {
        return partitions == Partitions.BY_CAMERA;
    }

    /** The number of partitions to create: fixed for some topics, otherwise as configured. */
    int partitionsOf(int configured) {
        return switch (partitions) {
            case ONE -> 1;
            case SHARES -> SHARES_OF_CAMERAS;
            case BY_CAMERA, BY_NAME -> configured;
        };
    }

    /** The largest record, in bytes, headers included. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /**
     * Whether a record is small enough for its topic. Uses the estimate of the producer's own check, which is up to 21
     * bytes above the record's real size with framing. Always true for topics that are not listed here.
     */
    public static boolean takes(ProducerRecord<byte[], byte[]> record) {
        int size = AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                record.key(),
                record.value(),
                record.headers().toArray());
        Topic topic = BY_NAME.get(record.topic());
        return topic == null || size <= topic.maxMessageBytes;
    }

    /**
     * The longest time that a segment stays open. Names, pictures and vectors must be deleted soon after their
     * retention, and Kafka deletes only closed segments: with its default of 7 days, facts with a retention of 7 days
     * would stay for 14. Commands name people, and so do their answers. Empty where the topic is about networks and
     * cameras only.
     */
    Optional<Duration> longestSegment() {
        return content == Content.LATEST_FACTS || content == Content.RENEWED_FACTS
                ? Optional.empty()
                : Optional.of(ofHours(1));
    }

    /** Topics whose records may hold names, pictures or vectors of people, even where a message is malformed. */
    public static List<String> holdingPeople() {
        return Arrays.stream(values())
                .filter(topic -> topic.longestSegment().isPresent())
                .map(Topic::topicName)
                .toList();
    }

    /** How long a topic keeps a record, as it is created; its broker may be told otherwise. */
    public Duration retention() {
        return retention;
    }

    /** The topic's configuration for a cluster of that many brokers. */
    Map<String, String> configs(int replicationFactor) {
        Map<String, String> configs = new HashMap<>();
        // A producer's clock must not decide age or retention; ce_time carries the capture time.
        configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        if (content == Content.LATEST_FACTS) {
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        } else {
            configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
        }
        if (content == Content.RENEWED_FACTS) {
            configs.put(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE);
            // Only closed segments are compacted, and who reads the topic does so from its beginning.
            configs.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(ofHours(1).toMillis()));
        }
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes));
        if (this == CAMERA_FRAMES) {
            configs.put(TopicConfig.RETENTION_BYTES_CONFIG, Long.toString(CAMERA_FRAMES_RETENTION_BYTES));
        }
        longestSegment()
                .ifPresent(longest -> configs.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(longest.toMillis())));
        if (content == Content.PICTURES) {
            configs.put(TopicConfig.COMPRESSION_TYPE_CONFIG, "uncompressed");
        }
        if (replicationFactor >= 3) {
            configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
        }
        return configs;
    }

    private enum Partitions {
        BY_CAMERA,
        BY_NAME,
        /** One where order matters across keys. */
        ONE,
        SHARES
    }

    private enum Content {
        PICTURES,
        FACTS,
        /** The latest record of each key is kept for ever. */
        LATEST_FACTS,
        /** The latest record of each key is kept, until it is too old. */
        RENEWED_FACTS
    }

    private static final class Limits {
        static final int PICTURE = 8 << 20;
        static final int HEADERS = 64 << 10;
        static final int FACTS = 1 << 20;
    }
}
