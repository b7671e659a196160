package io.facestream.curation;

import io.facestream.curation.message.GalleryEvent.LeftOnTopic;
import io.facestream.messaging.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/** What topics hold at a moment of whoever was erased, and by when they have deleted it. */
final class TopicRemains {
    private static final Logger LOG = Logger.getLogger(TopicRemains.class);

    /** The changelogs of sightings, whose names begin like the application's. */
    private static final String CHANGELOGS = "facestream-sightings-";

    /** Events may name somebody for a moment after an erasure, and clocks differ. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    /** How often a broker looks for what is past its retention: {@code log.retention.check.interval.ms}'s default. */
    private static final Duration BROKER_LOOKS_EVERY = Duration.ofMinutes(5);

    /** What is kept for longer counts as kept for ever. */
    private static final long FOR_EVER_MILLIS = Duration.ofDays(36_525).toMillis();

    private TopicRemains() {}

    /**
     * Asks the broker. A topic that does not exist is left out.
     *
     * @param holdingPeople topics that may hold names, pictures or vectors; the changelogs of sightings are found here
     * @throws KafkaException if the broker does not answer: try again
     */
    static List<LeftOnTopic> ask(KafkaConnection kafka, Collection<String> holdingPeople) {
        try (Admin admin = kafka.admin("facestream-curation-erasure")) {
            return ask(admin, holdingPeople);
        }
    }

    private static List<LeftOnTopic> ask(Admin admin, Collection<String> holdingPeople) {
        Stream<String> changelogs =
                await(admin.listTopics().names()).stream().filter(name -> name.startsWith(CHANGELOGS));
        List<String> topics =
                Stream.concat(holdingPeople.stream(), changelogs).sorted().toList();
        List<LeftOnTopic> left = new ArrayList<>();
        for (String topic : topics) {
            try {
                left.add(onTopic(admin, topic));
            } catch (UnknownTopicOrPartitionException e) {
                LOG.debugf("%s holds nobody: there is no such topic", topic);
            } catch (AuthorizationException e) {
                LOG.warnf("an erasure cannot say what %s still holds: %s", topic, e.getMessage());
                left.add(new LeftOnTopic(topic, null, null));
            }
        }
        return left;
    }

    private static LeftOnTopic onTopic(Admin admin, String topic) {
        List<TopicPartition> partitions =
                await(admin.describeTopics(List.of(topic)).topicNameValues().get(topic)).partitions().stream()
                        .map(TopicPartitionInfo::partition)
                        .sorted()
                        .map(partition -> new TopicPartition(topic, partition))
                        .toList();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config settings =
                await(admin.describeConfigs(List.of(resource)).values().get(resource));
        var ends = await(admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest())))
                .all());
        // After the offsets are known: what was appended before has its time from now at the latest.
        Duration kept = longest(settings.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(entry -> entry.name(), entry -> entry.value())));
        return new LeftOnTopic(
                topic,
                partitions.stream().map(each -> ends.get(each).offset()).toList(),
                kept == null ? null : Instant.now().plus(kept));
    }

    /**
     * The longest time for which a topic with these settings keeps a record, or of a compacted topic one that a later
     * record of its key has replaced, in any file; null if no setting deletes it. A size limit may delete it earlier.
     */
    static Duration longest(Map<String, String> settings) {
        String policy = settings.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        long millis;
        if (policy.contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
            long retention = number(settings, TopicConfig.RETENTION_MS_CONFIG);
            if (retention < 0) {
                return null;
            }
            // A segment is deleted as a whole, by its latest time, which a producer's clock may have set.
            millis = sum(retention, number(settings, TopicConfig.SEGMENT_MS_CONFIG));
            if ("CreateTime".equals(settings.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG))) {
                millis = sum(millis, number(settings, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG));
            }
        } else {
            millis = number(settings, TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG);
        }
        millis = sum(millis, number(settings, TopicConfig.FILE_DELETE_DELAY_MS_CONFIG));
        return millis >= FOR_EVER_MILLIS
                ? null
                : Duration.ofMillis(millis).plus(MARGIN).plus(BROKER_LOOKS_EVERY);
    }

    private static long number(Map<String, String> settings, String name) {
        return Long.parseLong(settings.get(name));
    }

    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    private static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException known) {
                throw known;
            }
            throw new KafkaException("the broker did not say what its topics hold", e.getCause());
        }
    }
}
