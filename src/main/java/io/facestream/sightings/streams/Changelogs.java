package io.facestream.sightings.streams;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.PartitionLogs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics behind the state stores. Kafka Streams would make them with the broker's defaults, where the segment that
 * is written to is never cleaned: an old visit's vectors would stay for as long as the segment is open, 7 days.
 */
final class Changelogs {
    private static final long PATIENCE_SECONDS = 30;
    private static final long POLL_MILLIS = 50;

    /** How long a row outlives its deletion at most, about: what is erased is gone soon after. */
    private static final String CLEANED_WITHIN =
            Long.toString(Duration.ofHours(1).toMillis());

    private final Admin admin;

    private Changelogs(Admin admin) {
        this.admin = admin;
    }

    /**
     * Makes the changelogs that are missing, with as many partitions as the inputs have.
     *
     * @param create whether missing topics are made; otherwise a missing one is an error
     * @throws IllegalStateException naming the topic that is missing, or has another number of partitions
     */
    static void ensure(KafkaConnection connection, String application, boolean create) {
        Admin admin = connection.admin(application + "-changelogs");
        try {
            new Changelogs(admin).ensure(application, create);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(
                    "Kafka did not answer for the changelogs of " + application + ": " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while checking the changelogs of " + application, e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private void ensure(String application, boolean create)
            throws InterruptedException, ExecutionException, TimeoutException {
        int partitions = describe(SightingsTopic.VECTORS).partitions().size();
        int brokers = get(admin.describeCluster().nodes()).size();
        Map<String, Integer> wrong = new TreeMap<>();
        Set<String> missing = new TreeSet<>();
        for (String store : List.of(SightingsProcessor.PENDING, SightingsProcessor.VISITS)) {
            String name = application + "-" + store + "-changelog";
            int found = partitions(name);
            if (found == 0 && create) {
                create(name, partitions, (short) Math.min(3, brokers));
                awaitLogs(name);
            } else if (found == 0) {
                missing.add(name);
            } else if (found != partitions) {
                wrong.put(name, found);
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("topics are missing, or this client's principal may not see them: "
                    + missing + "; create them, or set facestream.topics.create=true");
        }
        if (!wrong.isEmpty()) {
            throw new IllegalStateException("the changelogs need as many partitions as " + SightingsTopic.VECTORS
                    + " has, " + partitions + ", but have " + wrong + "; stop the role sightings everywhere, delete the"
                    + " group " + application + " and these topics, and start it again: it then reads its inputs from"
                    + " their beginning");
        }
    }

    private void awaitLogs(String name) throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isOpen(name)) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(name + " has partitions without a leader");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private boolean isOpen(String name) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return get(PartitionLogs.areOpen(admin, List.of(describe(name))));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private int partitions(String name) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return describe(name).partitions().size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return 0;
            }
            throw e;
        }
    }

    private TopicDescription describe(String name) throws InterruptedException, ExecutionException, TimeoutException {
        return get(admin.describeTopics(List.of(name)).allTopicNames()).get(name);
    }

    private void create(String name, int partitions, short replicas)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, String> configs = new TreeMap<>(Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.SEGMENT_MS_CONFIG, CLEANED_WITHIN,
                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, CLEANED_WITHIN,
                TopicConfig.DELETE_RETENTION_MS_CONFIG, CLEANED_WITHIN));
        if (replicas >= 3) {
            configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
        }
        try {
            get(admin.createTopics(List.of(new NewTopic(name, partitions, replicas).configs(configs)))
                    .all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // another replica was faster
                throw e;
            }
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
