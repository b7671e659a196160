package io.facestream.sightings.streams;

import io.facestream.database.Refusal;
import io.facestream.messaging.Backoff;
import io.facestream.messaging.KafkaConnection;
import io.facestream.sightings.visits.VisitRules;
import io.facestream.stages.WatchedLoop;
import io.quarkus.runtime.Quarkus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.CloseOptions;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jboss.logging.Logger;

/** Kafka Streams with the topology of sightings, from its start to its end. */
public final class SightingsStreams implements WatchedLoop, AutoCloseable {
    /** Group, transactional ids and changelogs begin with it. */
    public static final String APPLICATION = "facestream-sightings";

    private static final Logger LOG = Logger.getLogger(SightingsStreams.class);

    private static final Duration DRAIN = Duration.ofSeconds(20);

    /**
     * Most of what a commit writes to a partition while a replica catches up. Kafka 4.1 refuses a second batch that
     * arrives before a transaction's first one is verified; it is sent again, but both sides log an error each time.
     */
    private static final int BATCH_BYTES = 1 << 16;

    private final String member;
    private final InputClients clients = new InputClients();
    private final KafkaStreams streams;
    private final Backoff pauses = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5));

    /**
     * How it runs.
     *
     * @param instance this replica's name, unique among replicas
     * @param threads of this process; partitions are shared among all threads of all replicas
     * @param mostPending faces and marks of a partition that wait for the rest of their frame
     * @param createTopics whether missing changelogs are made
     */
    public record Settings(String instance, int threads, int mostPending, boolean createTopics) {}

    /** Makes the changelogs; {@link #start} does the rest. The topics themselves exist. */
    public SightingsStreams(KafkaConnection connection, Settings settings, VisitRules rules, SightingsMetrics metrics) {
        member = APPLICATION + "-" + settings.instance;
        Changelogs.ensure(connection, APPLICATION, settings.createTopics);
        streams = new KafkaStreams(
                SightingsTopology.of(rules, settings.mostPending, clients, new VectorLogReader(connection), metrics),
                properties(connection, settings),
                clients);
        streams.setUncaughtExceptionHandler(this::replace);
        streams.setStateListener((now, before) -> LOG.debugf("%s: %s after %s", member, now, before));
    }

    public void start() {
        streams.start();
    }

    /**
     * A thread has died: of a broker that is away for too long, a refusal, or an error. Its successor begins where the
     * last commit was.
     */
    private synchronized StreamThreadExceptionResponse replace(Throwable failure) {
        if (failure instanceof Error) {
            LOG.fatalf(failure, "%s has died; ending the process", member);
            Quarkus.asyncExit(1);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        if (clients.hasBegun() && clients.sinceLastGoodStep().compareTo(DRAIN) < 0) {
            pauses.reset();
        }
        LOG.warnf("%s starts over in %d ms: %s", member, pauses.next().toMillis(), Refusal.oneLine(failure));
        LOG.debug("starts over", failure);
        try {
            Thread.sleep(pauses.take().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private static Properties properties(KafkaConnection connection, Settings settings) {
        Map<String, Object> all = new HashMap<>(connection.properties());
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        all.put(StreamsConfig.CLIENT_ID_CONFIG, APPLICATION + "-" + settings.instance);
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads);
        // Stores are in memory: nothing is written there.
        all.put(
                StreamsConfig.STATE_DIR_CONFIG,
                Path.of(System.getProperty("java.io.tmpdir"), APPLICATION + "-" + settings.instance)
                        .toString());
        // Open visits are a few MB, so a new replica takes its share at once instead of waiting to be caught up.
        all.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, Long.MAX_VALUE);
        all.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, millis(Duration.ofSeconds(60)));
        all.putAll(consumer(settings));
        all.putAll(producer());
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    /** As the stages have it, see {@code StageTimeouts}. */
    private static Map<String, Object> consumer(Settings settings) {
        Map<String, Object> all = new HashMap<>();
        all.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, APPLICATION + "-" + settings.instance);
        all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, millis(InputConsumer.SESSION));
        all.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, millis(Duration.ofSeconds(3)));
        all.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, millis(Duration.ofSeconds(60)));
        Map<String, Object> prefixed = new HashMap<>();
        all.forEach((name, value) -> prefixed.put(StreamsConfig.MAIN_CONSUMER_PREFIX + name, value));
        return prefixed;
    }

    private static Map<String, Object> producer() {
        return Map.of(
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                millis(Duration.ofSeconds(10)),
                StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                SightingsTopic.MOST_BYTES,
                StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG),
                BATCH_BYTES);
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }

    @Override
    public String member() {
        return member;
    }

    @Override
    public Map<TopicPartition, Long> done() {
        return clients.done();
    }

    @Override
    public Duration sinceLastGoodStep() {
        return clients.sinceLastGoodStep();
    }

    /** Whether every thread has joined the group. */
    public boolean hasBegun() {
        return clients.hasBegun();
    }

    /** Commits what is done and leaves the group, so that others take over at once. */
    @Override
    public void close() {
        if (!streams.close(new CloseOptions().timeout(DRAIN).leaveGroup(true))) {
            LOG.warnf("%s did not end within %d s; its open transaction will time out", member, DRAIN.toSeconds());
        }
    }
}
