package io.facestream.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes sure that topics exist before anybody writes to them. */
public final class TopicAdmin {
    private static final long WAIT_SECONDS = 30;
    private static final long POLL_MILLIS = 50;

    /** Prefix of the ids of clients that only manage topics; a number follows. */
    private static final String CLIENT_ID = "facestream-topics-";

    private static final AtomicInteger CLIENTS = new AtomicInteger();

    private static final org.jboss.logging.Logger LOG = org.jboss.logging.Logger.getLogger(TopicAdmin.class);

    /** A strong reference: the filter is lost when its logger is collected. */
    private static final Logger NETWORK_CLIENT = Logger.getLogger("org.apache.kafka.clients.NetworkClient");

    static {
        // These clients repeat once a second what the exception says once. Warnings of other clients still pass.
        NETWORK_CLIENT.setFilter(report -> !report.getMessage().contains("clientId=" + CLIENT_ID));
    }

    private final Admin admin;
    private final TopicsConfig config;

    public TopicAdmin(Admin admin, TopicsConfig config) {
        this.admin = admin;
        this.config = config;
    }

    /** Like {@link #ensure(Collection)}, with a client of its own. */
    public static void ensure(KafkaConnection connection, TopicsConfig config, Collection<Topic> topics) {
        Admin admin = connection.admin(CLIENT_ID + CLIENTS.incrementAndGet());
        try {
            new TopicAdmin(admin, config).ensure(topics);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "no broker answers at kafka.bootstrap.servers=" + connection.bootstrapServers(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while checking topics", e);
        } finally {
            // Nobody waits for the answers that are still missing.
            admin.close(Duration.ZERO);
        }
    }

    /**
     * Creates missing topics, waits until every partition's leader takes records, and checks existing topics.
     *
     * @throws TimeoutException if no broker answers
     * @throws IllegalStateException naming the topic that is missing, differs in its partition count from the other
     *     camera-keyed topics, or has too small a limit on records
     */
    public void ensure(Collection<Topic> topics) throws InterruptedException {
        try {
            int brokers = get(admin.describeCluster().nodes()).size();
            create(topics, (short) Math.min(3, brokers));
            Map<Topic, TopicDescription> descriptions = awaitLogs(topics);
            checkPartitions(descriptions);
            checkConfigs(topics);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException silence) {
                throw silence;
            }
            throw new IllegalStateException(
                    "Kafka did not answer for topics " + names(topics) + ": "
                            + e.getCause().getMessage(),
                    e.getCause());
        }
    }

    private void create(Collection<Topic> topics, short replicationFactor)
            throws InterruptedException, ExecutionException {
        Collection<String> present = get(admin.listTopics().names());
        List<Topic> absent = topics.stream()
                .filter(topic -> !present.contains(topic.topicName()))
                .toList();
        if (absent.isEmpty()) {
            return;
        }
        if (!config.create()) {
            throw new IllegalStateException("topics are missing, or this client's principal may not see them: "
                    + names(absent) + "; create them, or set facestream.topics.create=true");
        }
        int byCamera = cameraPartitions(present);
        List<NewTopic> creations = absent.stream()
                .map(topic -> new NewTopic(
                                topic.topicName(),
                                topic.byCamera() ? byCamera : topic.partitionsOf(config.partitions()),
                                replicationFactor)
                        .configs(topic.configs(replicationFactor)))
                .toList();
        for (Map.Entry<String, KafkaFuture<Void>> creation :
                admin.createTopics(creations).values().entrySet()) {
            try {
                get(creation.getKey(), creation.getValue());
            } catch (ExecutionException e) {
                // Another replica was faster, or this client may not see the topic; describing it shows which.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    /** Missing camera-keyed topics get the partition count of existing ones, whoever created those. */
    private int cameraPartitions(Collection<String> present) throws InterruptedException, ExecutionException {
        List<String> byCamera = Arrays.stream(Topic.values())
                .filter(Topic::byCamera)
                .map(Topic::topicName)
                .filter(present::contains)
                .toList();
        return get(admin.describeTopics(byCamera).allTopicNames()).values().stream()
                .mapToInt(description -> description.partitions().size())
                .max()
                .orElse(config.partitions());
    }

    /** Writing to a new topic fails until its leaders have opened their logs. */
    private Map<Topic, TopicDescription> awaitLogs(Collection<Topic> topics)
            throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (true) {
            try {
                Map<String, TopicDescription> found = new TreeMap<>();
                for (Map.Entry<String, KafkaFuture<TopicDescription>> description :
                        admin.describeTopics(names(topics)).topicNameValues().entrySet()) {
                    found.put(description.getKey(), get(description.getKey(), description.getValue()));
                }
                if (get(PartitionLogs.areOpen(admin, found.values()))) {
                    return topics.stream()
                            .collect(Collectors.toMap(topic -> topic, topic -> found.get(topic.topicName())));
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "topics " + names(topics) + " have partitions without a leader after " + WAIT_SECONDS + " s");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static void checkPartitions(Map<Topic, TopicDescription> descriptions) {
        Map<String, Integer> counts = new TreeMap<>();
        descriptions.forEach((topic, description) -> {
            if (topic.byCamera()) {
                counts.put(topic.topicName(), description.partitions().size());
            }
        });
        if (counts.values().stream().distinct().count() > 1) {
            throw new IllegalStateException("camera-keyed topics need the same partition count, but have " + counts
                    + "; add partitions to the smaller ones, downstream topics first");
        }
    }

    private void checkConfigs(Collection<Topic> topics) throws InterruptedException, ExecutionException {
        Map<Topic, Config> configs = configs(topics);
        List<String> tooSmall = new ArrayList<>();
        configs.forEach((topic, config) -> {
            int limit = Math.toIntExact(number(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
            if (limit < topic.maxMessageBytes()) {
                tooSmall.add(topic.topicName() + " has " + limit + ", needs " + topic.maxMessageBytes());
            }
        });
        if (!tooSmall.isEmpty()) {
            throw new IllegalStateException("max.message.bytes is too small: " + tooSmall);
        }
        for (Map.Entry<Topic, Config> entry : configs.entrySet()) {
            boundSegments(entry.getKey(), entry.getValue());
        }
    }

    private Map<Topic, Config> configs(Collection<Topic> topics) throws InterruptedException, ExecutionException {
        Map<ConfigResource, Topic> resources =
                topics.stream().collect(Collectors.toMap(TopicAdmin::resource, topic -> topic));
        Map<Topic, Config> configs = new EnumMap<>(Topic.class);
        for (Map.Entry<ConfigResource, KafkaFuture<Config>> entry :
                admin.describeConfigs(resources.keySet()).values().entrySet()) {
            Topic topic = resources.get(entry.getKey());
            configs.put(topic, get(topic.topicName(), entry.getValue()));
        }
        return configs;
    }

    private static ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName());
    }

    private static long number(Config config, String name) {
        return Long.parseLong(config.get(name).value());
    }

    /**
     * Topics created by an earlier build or by others may keep segments open for Kafka's default of 7 days, so that
     * records outlive their retention by that much. Corrects the setting unless somebody has chosen it for the topic;
     * then it only warns.
     */
    private void boundSegments(Topic topic, Config found) throws InterruptedException, ExecutionException {
        Optional<Duration> longest = topic.longestSegment();
        long millis = number(found, TopicConfig.SEGMENT_MS_CONFIG);
        if (longest.isEmpty() || millis <= longest.get().toMillis()) {
            return;
        }
        String wanted = TopicConfig.SEGMENT_MS_CONFIG + "=" + longest.get().toMillis();
        boolean chosen = found.get(TopicConfig.SEGMENT_MS_CONFIG).source() == ConfigSource.DYNAMIC_TOPIC_CONFIG;
        if (config.create() && !chosen && set(topic, TopicConfig.SEGMENT_MS_CONFIG, longest.get())) {
            LOG.infof(
                    "%s: changed to %s from %d, so that records are deleted soon after their retention",
                    topic.topicName(), wanted, millis);
            return;
        }
        LOG.warnf(
                "%s holds personal data and has %s=%d: its records may outlive their retention by that many ms;"
                        + " set %s (kafka-configs.sh --alter --topic %s --add-config %s)",
                topic.topicName(), TopicConfig.SEGMENT_MS_CONFIG, millis, wanted, topic.topicName(), wanted);
    }

    /**
     * Sets a topic's configuration. Returns false if this client's principal lacks the right, which grants to read and
     * write do not include.
     */
    private boolean set(Topic topic, String name, Duration value) throws InterruptedException, ExecutionException {
        AlterConfigOp change =
                new AlterConfigOp(new ConfigEntry(name, Long.toString(value.toMillis())), AlterConfigOp.OpType.SET);
        try {
            get(admin.incrementalAlterConfigs(Map.of(resource(topic), List.of(change)))
                    .all());
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException || e.getCause() instanceof PolicyViolationException) {
                return false;
            }
            throw e;
        }
    }

    /**
     * The longest time that a topic keeps a record: its retention plus the time until the segment is closed. Empty
     * where it keeps records for ever.
     *
     * @throws IllegalStateException if the broker does not answer
     */
    public static Optional<Duration> keeps(KafkaConnection connection, Topic topic) {
        Admin admin = connection.admin(CLIENT_ID + CLIENTS.incrementAndGet());
        try {
            Config found = new TopicAdmin(admin, null).configs(List.of(topic)).get(topic);
            long retention = number(found, TopicConfig.RETENTION_MS_CONFIG);
            return retention < 0
                    ? Optional.empty()
                    : Optional.of(
                            Duration.ofMillis(retention).plusMillis(number(found, TopicConfig.SEGMENT_MS_CONFIG)));
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the broker does not report the retention of " + topic.topicName() + ": "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading a topic's configuration", e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private static List<String> names(Collection<Topic> topics) {
        return topics.stream().map(Topic::topicName).toList();
    }

    /** Adds the topic's name to a refusal, because the broker's exception lacks it. */
    private static <T> T get(String topic, KafkaFuture<T> future) throws InterruptedException, ExecutionException {
        try {
            return get(future);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicAuthorizationException) {
                throw new ExecutionException(new TopicAuthorizationException(Set.of(topic)));
            }
            throw e;
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException, ExecutionException {
        try {
            return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new ExecutionException(new TimeoutException("no answer within " + WAIT_SECONDS + " s"));
        }
    }
}
