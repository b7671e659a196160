package io.facestream.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Sees to it that the topics are there before anybody writes to them. */
public final class TopicAdmin {
    private static final long WAIT_SECONDS = 30;
    private static final long POLL_MILLIS = 50;

    /** Of clients that only look after topics, with a number. */
    private static final String CLIENT_ID = "facestream-topics-";

    private static final AtomicInteger CLIENTS = new AtomicInteger();

    /** Held, since filters go with their loggers. */
    private static final Logger NETWORK_CLIENT = Logger.getLogger("org.apache.kafka.clients.NetworkClient");

    static {
        // These say once a second what the exception says once; the other clients' warnings go on.
        NETWORK_CLIENT.setFilter(report -> !report.getMessage().contains("clientId=" + CLIENT_ID));
    }

    private final Admin admin;
    private final TopicsConfig config;

    TopicAdmin(Admin admin, TopicsConfig config) {
        this.admin = admin;
        this.config = config;
    }

    /** Does for {@code topics}, with a client of its own, what {@link #ensure(Collection)} says. */
    public static void ensure(KafkaConnection connection, TopicsConfig config, Collection<Topic> topics) {
        Admin admin = connection.admin(CLIENT_ID + CLIENTS.incrementAndGet());
        try {
            new TopicAdmin(admin, config).ensure(topics);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "no broker answers at kafka.bootstrap.servers=" + connection.bootstrapServers(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were checked", e);
        } finally {
            // What has not been answered by now, nobody waits for.
            admin.close(Duration.ZERO);
        }
    }

    /**
     * Creates what is absent, waits until every partition has a leader, and checks what was there before.
     *
     * @throws TimeoutException if no broker answers
     * @throws IllegalStateException saying which topic is missing, has another partition count than the other
     *     camera-keyed ones, or refuses records of the size that it must take
     */
    void ensure(Collection<Topic> topics) throws InterruptedException {
        try {
            int brokers = get(admin.describeCluster().nodes()).size();
            create(topics, (short) Math.min(3, brokers));
            Map<Topic, TopicDescription> descriptions = awaitLeaders(topics);
            checkPartitions(descriptions);
            checkSizes(topics);
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
                // Another replica was faster, or this client may not see it: describing it will tell.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    /** Where some camera-keyed topics are there, made by others maybe, the absent ones must not differ from them. */
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

    /** Writing to a topic created a moment ago fails until its partitions have leaders. */
    private Map<Topic, TopicDescription> awaitLeaders(Collection<Topic> topics)
            throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (true) {
            try {
                Map<String, TopicDescription> found = new TreeMap<>();
                for (Map.Entry<String, KafkaFuture<TopicDescription>> description :
                        admin.describeTopics(names(topics)).topicNameValues().entrySet()) {
                    found.put(description.getKey(), get(description.getKey(), description.getValue()));
                }
                boolean led = found.values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .allMatch(partition -> partition.leader() != null
                                && !partition.leader().equals(Node.noNode()));
                if (led) {
                    return topics.stream()
                            .collect(Collectors.toMap(topic -> topic, topic -> found.get(topic.topicName())));
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof org.apache.kafka.common.errors.UnknownTopicOrPartitionException)) {
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
            throw new IllegalStateException("camera-keyed topics need one and the same partition count, but have "
                    + counts + "; add partitions to the smaller ones, downstream topics first");
        }
    }

    private void checkSizes(Collection<Topic> topics) throws InterruptedException, ExecutionException {
        Map<ConfigResource, Topic> resources = topics.stream()
                .collect(Collectors.toMap(
                        topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName()), topic -> topic));
        List<String> tooSmall = new ArrayList<>();
        for (Map.Entry<ConfigResource, KafkaFuture<Config>> entry :
                admin.describeConfigs(resources.keySet()).values().entrySet()) {
            Topic topic = resources.get(entry.getKey());
            Config limits = get(topic.topicName(), entry.getValue());
            int limit = Integer.parseInt(
                    limits.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
            if (limit < topic.maxMessageBytes()) {
                tooSmall.add(topic.topicName() + " takes " + limit + " of " + topic.maxMessageBytes());
            }
        }
        if (!tooSmall.isEmpty()) {
            throw new IllegalStateException("max.message.bytes is too small: " + tooSmall);
        }
    }

    private static List<String> names(Collection<Topic> topics) {
        return topics.stream().map(Topic::topicName).toList();
    }

    /** Of a single topic: the broker's refusal does not name it. */
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
            throw new ExecutionException(new TimeoutException("nothing came within " + WAIT_SECONDS + " s"));
        }
    }
}
