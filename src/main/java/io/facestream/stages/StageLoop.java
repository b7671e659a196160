package io.facestream.stages;

import io.facestream.database.Refusal;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * One thread of a transactional stage: one consumer, one producer, exactly once from its input topic to its outputs.
 *
 * <pre>
 *            +---------------------- rewind to the committed offsets <---------------------+
 *            v                                                                             |
 *   take a batch (keep its generation) -> process -> begin, send, send offsets, commit -> ok
 *                                          ^   |             |                             |
 *                fewer records, or a reject+---+ content     | a refusal: abort; refused   |
 *                of one that failed twice      |             | too: a new producer         |
 *                                              | an outage: wait; fewer records next time  |
 *                                              +-------------+-----------------------------+
 * </pre>
 *
 * <p>{@link Intake} takes the batches, {@link BatchWork} has them processed by {@link Workers} and commits them by {@link Transactions}.
 */
final class StageLoop implements Runnable, WatchedLoop {
    private static final Logger LOG = Logger.getLogger(StageLoop.class);

    private static final Duration CONSUMER_CLOSE = Duration.ofSeconds(2);
    private static final Duration PRODUCER_CLOSE = Duration.ofSeconds(2);

    private final KafkaConnection connection;
    private final String stage;
    private final String member;
    private final Topic input;
    private final int maxPollRecords;
    private final StageWork work;
    private final StuckWorkers stuck;
    private final StageMetrics metrics;
    private final Tracer tracer;
    private final Transactions transactions;
    private final StageTimeouts timeouts;

    private volatile boolean running = true;
    private volatile boolean begun;
    private volatile long lastGoodStep = System.nanoTime();
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private volatile Intake intake;
    private Metric heartbeat;
    /** Where the last batch that was tried ends; empty once it is known to be committed. */
    private Map<TopicPartition, OffsetAndMetadata> owed = Map.of();

    private final Backoff pauses;

    /**
     * @param stage name of the stage; its consumer group is {@code facestream-<stage>}
     * @param member stable and unique name of this loop among all replicas: transactional id and group instance id
     * @param stuck the process's count of workers that were given up
     */
    StageLoop(
            KafkaConnection connection,
            String stage,
            String member,
            Topic input,
            int maxPollRecords,
            StageWork work,
            StuckWorkers stuck,
            StageMetrics metrics,
            Tracer tracer,
            StageTimeouts timeouts) {
        this.connection = connection;
        this.stage = stage;
        this.member = member;
        this.input = input;
        this.maxPollRecords = maxPollRecords;
        this.work = work;
        this.stuck = stuck;
        this.metrics = metrics;
        this.tracer = tracer;
        this.transactions = new Transactions(connection, member);
        this.timeouts = timeouts;
        this.pauses = new Backoff(timeouts.firstPause(), timeouts.longestPause());
    }

    String stage() {
        return stage;
    }

    @Override
    public String member() {
        return member;
    }

    /** Whether there was a step that went through. */
    boolean hasBegun() {
        return begun;
    }

    /**
     * Time since a step that went through. An empty poll is one if the group's coordinator is in touch, for a poll of a broker that is
     * gone is empty too; and unless a batch that failed has yet to come again.
     */
    @Override
    public Duration sinceLastGoodStep() {
        return Duration.ofNanos(System.nanoTime() - lastGoodStep);
    }

    /** For each partition that this loop has, the offset of the first record that it is not done with. */
    @Override
    public Map<TopicPartition, Long> done() {
        Intake current = intake;
        return current == null ? Map.of() : current.done();
    }

    /** Asks the loop to end after the batch in hand. */
    void stop() {
        running = false;
        KafkaConsumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
    }

    @Override
    public void run() {
        try (Workers workers = new Workers(member, work, stuck)) {
            BatchWork batches = new BatchWork(
                    stage, member, workers, transactions, metrics, tracer, timeouts.keepAliveAfter(), this::progressed);
            while (running) {
                try {
                    consumeWithNewConsumer(batches);
                } catch (WakeupException e) {
                    LOG.debugf("%s is asked to stop", member);
                } catch (FencedInstanceIdException e) {
                    LOG.errorf(
                            "%s: another process uses this name; give every replica its own facestream.instance",
                            member);
                    sleep();
                } catch (KafkaException | IllegalStateException e) {
                    LOG.warnf(e, "%s starts over with a new consumer", member);
                    sleep();
                }
            }
        } catch (Exception | Error e) {
            LOG.errorf("%s has ended: %s", member, e);
            throw e;
        } finally {
            transactions.close(running ? Duration.ZERO : PRODUCER_CLOSE);
        }
    }

    private void consumeWithNewConsumer(BatchWork batches) {
        KafkaConsumer<byte[], byte[]> opened = connection.consumer(consumerSettings());
        // Before running is looked at again: a stop() sees either this consumer to wake or is seen itself.
        consumer = opened;
        heartbeat = opened.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("last-heartbeat-seconds-ago"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Kafka's consumer does not show its heartbeat"));
        try {
            Intake opening = new Intake(opened, member, input, maxPollRecords, work, metrics);
            intake = opening;
            consume(opening, batches);
        } finally {
            consumer = null;
            intake = null;
            opened.close(CloseOptions.timeout(CONSUMER_CLOSE).withGroupMembershipOperation(membershipAfterClose()));
        }
    }

    /**
     * A static member that closes stays in its group: right for one that comes back with a new consumer, but the partitions
     * of one that stops would lie idle until its session times out.
     */
    private GroupMembershipOperation membershipAfterClose() {
        return running ? GroupMembershipOperation.REMAIN_IN_GROUP : GroupMembershipOperation.LEAVE_GROUP;
    }

    private void consume(Intake from, BatchWork batches) {
        boolean rewind = false;
        while (running) {
            try {
                transactions.open();
                if (rewind) {
                    from.rewind();
                }
                // Until this step is known to be committed.
                rewind = true;
                Batch batch = from.poll();
                Map<TopicPartition, OffsetAndMetadata> moves = from.moves();
                if (!moves.isEmpty()) {
                    transactions.commit(List.of(), moves, batch.generation());
                    from.movesCommitted();
                }
                if (!batch.isEmpty()) {
                    owed = batch.ends();
                    batches.process(batch, from);
                    owed = Map.of();
                }
                rewind = false;
                if (!owes(from) && (!batch.isEmpty() || inTouch())) {
                    progressed();
                }
            } catch (WakeupException | FencedInstanceIdException e) {
                transactions.abort();
                throw e;
            } catch (KafkaException | IllegalStateException e) {
                if (owed.isEmpty()) {
                    LOG.warnf(
                            "%s tries again in %d ms: %s", member, pauses.next().toMillis(), Refusal.oneLine(e));
                } else {
                    metrics.aborted();
                    LOG.warnf("%s: aborted, the batch comes again: %s", member, Refusal.oneLine(e));
                }
                LOG.debug("aborted", e);
                transactions.abort();
                sleep();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                running = false;
            } catch (Exception e) {
                metrics.aborted();
                LOG.warnf(
                        "%s: the batch comes again in %d ms: %s",
                        member, pauses.next().toMillis(), Refusal.oneLine(e));
                LOG.debug("not processed", e);
                sleep();
            }
        }
    }

    private void progressed() {
        begun = true;
        lastGoodStep = System.nanoTime();
        pauses.reset();
    }

    /** Whether the group's coordinator has been told of this member within a session; negative before it is one. */
    private boolean inTouch() {
        double secondsAgo = ((Number) heartbeat.metricValue()).doubleValue();
        return secondsAgo >= 0 && secondsAgo <= timeouts.session().toSeconds();
    }

    /**
     * Whether a batch that failed has yet to come again. It may have been committed all the same, when only the answer was
     * lost, or have gone to another replica.
     */
    private boolean owes(Intake from) {
        return from.done().entrySet().stream()
                .anyMatch(partition -> owed.containsKey(partition.getKey())
                        && partition.getValue() < owed.get(partition.getKey()).offset());
    }

    private void sleep() {
        Duration pause = pauses.take();
        try {
            if (running) {
                Thread.sleep(pause.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, BatchWork.group(stage));
        settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member);
        // What retention has deleted is told, not passed over.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Intake.pollRecords(maxPollRecords));
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, input.maxMessageBytes());
        settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int)
                timeouts.pollInterval().toMillis());
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int)
                timeouts.session().toMillis());
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int)
                timeouts.heartbeat().toMillis());
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        settings.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return settings;
    }
}
