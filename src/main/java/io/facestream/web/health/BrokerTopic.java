package io.facestream.web.health;

import io.facestream.database.Refusal;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/**
 * Asks the broker what stages have not read yet, how long topics keep records, and how full its disks are. It reads no
 * record. Each question needs a right of its own; what is refused is left out.
 */
@ApplicationScoped
class BrokerTopic {
    private static final Logger LOG = Logger.getLogger(BrokerTopic.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Groups of stages, in the order of the data path. */
    private static final List<String> STAGES = List.of(
            "detection",
            "embedding",
            "matching",
            "sightings",
            "sightings-projection",
            "alerts",
            "enrolment",
            "curation",
            "training");

    private final KafkaConnection kafka;

    @Inject
    BrokerTopic(org.eclipse.microprofile.config.Config properties) {
        this(KafkaConnection.from(properties));
    }

    BrokerTopic(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    Broker look() {
        try (Admin admin = kafka.admin("facestream-web-health")) {
            Map<Integer, Map<String, LogDirDescription>> disks = disks(admin);
            return new Broker(false, inputs(admin), topics(admin, disks), disks(disks));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.warnf("the page cannot ask the broker how it goes: %s", Refusal.oneLine(e));
            return Broker.AWAY;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Broker.AWAY;
        }
    }

    /** Null where it is refused, or there is no such thing. */
    private static <T> T known(KafkaFuture<T> asked) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException
                    || e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw e;
        }
    }

    private static List<Broker.Input> inputs(Admin admin)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> asked = STAGES.stream()
                .collect(Collectors.toMap(Function.identity(), stage -> {
                    String group = "facestream-" + stage;
                    return admin.listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
                            .partitionsToOffsetAndMetadata(group);
                }));
        List<Broker.Input> inputs = new ArrayList<>();
        for (String stage : STAGES) {
            Map<TopicPartition, OffsetAndMetadata> read = known(asked.get(stage));
            if (read == null || read.isEmpty()) {
                inputs.add(new Broker.Input(stage, null, null, false, null));
                continue;
            }
            for (String topic : read.keySet().stream()
                    .map(TopicPartition::topic)
                    .distinct()
                    .sorted()
                    .toList()) {
                inputs.add(input(admin, stage, topic, read));
            }
        }
        return inputs;
    }

    private static Broker.Input input(
            Admin admin, String stage, String topic, Map<TopicPartition, OffsetAndMetadata> read)
            throws InterruptedException, ExecutionException, TimeoutException {
        TopicDescription description =
                known(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
        if (description == null) {
            return new Broker.Input(stage, topic, null, false, null);
        }
        List<TopicPartition> partitions = description.partitions().stream()
                .map(each -> new TopicPartition(topic, each.partition()))
                .toList();
        var ends = offsets(admin, partitions, OffsetSpec.latest());
        // Where a stage has read nothing it begins at the first record.
        var starts = offsets(
                admin,
                partitions.stream().filter(each -> read.get(each) == null).toList(),
                OffsetSpec.earliest());
        if (ends == null || starts == null) {
            return new Broker.Input(stage, topic, null, false, null);
        }
        long waiting = 0;
        Map<TopicPartition, Long> unread = new HashMap<>();
        for (TopicPartition each : partitions) {
            OffsetAndMetadata next = read.get(each);
            long from = next == null ? starts.get(each).offset() : next.offset();
            long left = Math.max(0, ends.get(each).offset() - from);
            waiting += left;
            // The mark that ends the latest transaction is no record, and never read as one.
            if (left > 1) {
                unread.put(each, from);
            }
        }
        Duration oldest = unread.isEmpty() ? null : new AgesTopic(admin, PATIENCE).oldest(unread, Instant.now());
        return new Broker.Input(stage, topic, waiting, !unread.isEmpty(), oldest);
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Admin admin, List<TopicPartition> partitions, OffsetSpec spec)
            throws InterruptedException, ExecutionException, TimeoutException {
        return known(admin.listOffsets(partitions.stream().collect(Collectors.toMap(each -> each, each -> spec)))
                .all());
    }

    private static List<Broker.Kept> topics(Admin admin, Map<Integer, Map<String, LogDirDescription>> disks)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<ConfigResource, KafkaFuture<Config>> asked = admin.describeConfigs(Arrays.stream(Topic.values())
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName()))
                        .toList())
                .values();
        Map<String, Long> sizes = sizes(disks);
        List<Broker.Kept> kept = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            Config config = known(asked.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName())));
            if (config != null) {
                kept.add(Broker.Kept.of(topic.topicName(), retention(config), sizes.get(topic.topicName())));
            }
        }
        return kept;
    }

    private static Duration retention(Config config) {
        boolean isDeleted =
                config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().contains("delete");
        long millis = Long.parseLong(config.get(TopicConfig.RETENTION_MS_CONFIG).value());
        return isDeleted && millis >= 0 ? Duration.ofMillis(millis) : null;
    }

    private static Map<Integer, Map<String, LogDirDescription>> disks(Admin admin)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<Integer> nodes = admin.describeCluster().nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).stream()
                .map(Node::id)
                .toList();
        Map<Integer, Map<String, LogDirDescription>> all =
                known(admin.describeLogDirs(nodes).allDescriptions());
        return all == null ? Map.of() : all;
    }

    private static Map<String, Long> sizes(Map<Integer, Map<String, LogDirDescription>> disks) {
        Map<String, Long> sizes = new HashMap<>();
        disks.values().stream().flatMap(each -> each.values().stream()).forEach(folder -> folder.replicaInfos()
                .forEach((partition, replica) -> sizes.merge(partition.topic(), replica.size(), Long::sum)));
        return sizes;
    }

    private static List<Broker.Disk> disks(Map<Integer, Map<String, LogDirDescription>> all) {
        List<Broker.Disk> disks = new ArrayList<>();
        all.forEach((broker, folders) -> folders.values().forEach(folder -> {
            if (folder.usableBytes().isPresent() && folder.totalBytes().isPresent()) {
                disks.add(new Broker.Disk(
                        broker,
                        folder.usableBytes().getAsLong(),
                        folder.totalBytes().getAsLong()));
            }
        }));
        return disks;
    }
}
