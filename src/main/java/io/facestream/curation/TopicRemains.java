package io.facestream.curation;

import io.facestream.messaging.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/** Asks the broker what topics hold of whoever was erased. */
final class TopicRemains implements HeldTopics {
    private static final Logger LOG = Logger.getLogger(TopicRemains.class);

    /** The changelogs of sightings, whose names begin like the application's. */
    private static final String CHANGELOGS = "facestream-sightings-";

    /**
     * A broker looks every 5 minutes for what is past its retention ({@code log.retention.check.interval.ms}). Events
     * may name somebody for a moment after an erasure, and clocks differ: a minute for both.
     */
    private static final Duration SLACK = Duration.ofMinutes(5 + 1);

    /** {@code file.delete.delay.ms} of a topic that is gone itself: the default. */
    private static final Duration DEFAULT_FILE_DELAY = Duration.ofMinutes(1);

    /** What is kept for longer counts as kept for ever. */
    private static final long FOR_EVER_MILLIS = Duration.ofDays(36_525).toMillis();

    private final KafkaConnection kafka;
    private final Collection<String> holdingPeople;
    private final Duration slack;

    /**
     * @param holdingPeople topics that may hold names, pictures or vectors; the changelogs of sightings are found here
     * @param slack that is added to what the topics' settings say
     */
    TopicRemains(KafkaConnection kafka, Collection<String> holdingPeople, Duration slack) {
        this.kafka = kafka;
        this.holdingPeople = holdingPeople;
        this.slack = slack;
    }

    TopicRemains(KafkaConnection kafka, Collection<String> holdingPeople) {
        this(kafka, holdingPeople, SLACK);
    }

    /** A topic that does not exist is left out. */
    @Override
    public List<HeldTopic> ask() {
        try (Admin admin = kafka.admin("facestream-curation-erasure")) {
            Stream<String> changelogs =
                    await(admin.listTopics().names()).stream().filter(name -> name.startsWith(CHANGELOGS));
            return Stream.concat(holdingPeople.stream(), changelogs)
                    .sorted()
                    .map(topic -> ask(admin, topic))
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    @Override
    public List<HeldTopic> look(List<HeldTopic> held, Instant visitsEnded) {
        try (Admin admin = kafka.admin("facestream-curation-erasure")) {
            return held.stream().map(topic -> look(admin, topic, visitsEnded)).toList();
        }
    }

    private Optional<HeldTopic> ask(Admin admin, String topic) {
        try {
            TopicDescription description = describe(admin, topic);
            Map<String, String> settings = settings(admin, topic);
            Map<TopicPartition, Long> ends = offsets(admin, description, OffsetSpec.latest());
            // After the offsets are known: what was appended before has its time from now at the latest.
            Instant now = Instant.now();
            Duration kept = longest(settings, slack);
            return Optional.of(new HeldTopic(
                    topic,
                    description.topicId().toString(),
                    inOrder(description, ends),
                    now,
                    kept == null ? null : now.plus(kept),
                    null,
                    null));
        } catch (UnknownTopicOrPartitionException e) {
            LOG.debugf("%s holds nobody: there is no such topic", topic);
            return Optional.empty();
        } catch (AuthorizationException e) {
            LOG.warnf("an erasure cannot say what %s still holds: %s", topic, e.getMessage());
            return Optional.of(HeldTopic.unknown(topic));
        }
    }

    private HeldTopic look(Admin admin, HeldTopic held, Instant visitsEnded) {
        if (held.goneAt() != null) {
            return held;
        }
        if (held.endOffsets() == null) {
            return ask(admin, held.topic()).orElse(held);
        }
        Instant now = Instant.now();
        try {
            TopicDescription description = describe(admin, held.topic());
            if (!description.topicId().toString().equals(held.topicId())) {
                return held.gone(now.plus(DEFAULT_FILE_DELAY).plus(slack));
            }
            if (held.lateOffsets() == null) {
                return held.askedAt().plus(slack).isAfter(now)
                        ? held
                        : held.late(inOrder(description, offsets(admin, description, OffsetSpec.latest())));
            }
            Map<String, String> settings = settings(admin, held.topic());
            if (!deletes(settings)) {
                Duration kept = longest(settings, slack);
                boolean over = kept != null
                        && visitsEnded != null
                        && visitsEnded.plus(kept).isBefore(now)
                        && held.askedAt().plus(kept).isBefore(now);
                return over ? held.gone(now) : held;
            }
            return hasPassed(admin, description, held)
                    ? held.gone(now.plusMillis(number(settings, TopicConfig.FILE_DELETE_DELAY_MS_CONFIG))
                            .plus(slack))
                    : held;
        } catch (UnknownTopicOrPartitionException e) {
            return held.gone(now.plus(DEFAULT_FILE_DELAY).plus(slack));
        } catch (AuthorizationException e) {
            LOG.warnf("an erasure cannot be verified: %s: %s", held.topic(), e.getMessage());
            return held;
        }
    }

    /** Whether every partition's log begins at what the topic held or later, and no replica is behind with it. */
    private static boolean hasPassed(Admin admin, TopicDescription description, HeldTopic held) {
        Map<TopicPartition, Long> starts = offsets(admin, description, OffsetSpec.earliest());
        return description.partitions().stream().allMatch(partition -> {
            int number = partition.partition();
            boolean added = number >= held.lateOffsets().size();
            return partition.isr().size() == partition.replicas().size()
                    && (added
                            || starts.get(new TopicPartition(held.topic(), number))
                                    >= held.lateOffsets().get(number));
        });
    }

    private static TopicDescription describe(Admin admin, String topic) {
        return await(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
    }

    private static Map<String, String> settings(Admin admin, String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return await(admin.describeConfigs(List.of(resource)).values().get(resource)).entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    private static List<TopicPartition> partitions(TopicDescription description) {
        return description.partitions().stream()
                .map(partition -> new TopicPartition(description.name(), partition.partition()))
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }

    private static List<Long> inOrder(TopicDescription description, Map<TopicPartition, Long> offsets) {
        return partitions(description).stream().map(offsets::get).toList();
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, TopicDescription description, OffsetSpec which) {
        var found = await(admin.listOffsets(
                        partitions(description).stream().collect(Collectors.toMap(each -> each, each -> which)))
                .all());
        return found.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .offset()));
    }

    private static boolean deletes(Map<String, String> settings) {
        return settings.get(TopicConfig.CLEANUP_POLICY_CONFIG).contains(TopicConfig.CLEANUP_POLICY_DELETE);
    }

    /**
     * The longest time for which a topic with these settings keeps a record, or of a compacted topic one that a later
     * record of its key has replaced or deleted, in any file; null if no setting deletes it. A size limit may delete it
     * earlier.
     */
    static Duration longest(Map<String, String> settings, Duration slack) {
        long millis;
        if (deletes(settings)) {
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
            millis = sum(
                    number(settings, TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG),
                    number(settings, TopicConfig.DELETE_RETENTION_MS_CONFIG));
        }
        millis = sum(millis, number(settings, TopicConfig.FILE_DELETE_DELAY_MS_CONFIG));
        return millis >= FOR_EVER_MILLIS ? null : Duration.ofMillis(millis).plus(slack);
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
