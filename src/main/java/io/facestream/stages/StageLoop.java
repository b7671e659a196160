package io.facestream.stages;

import io.facestream.database.Refusal;
import io.facestream.messaging.Backoff;
import io.facestream.messaging.Heartbeats;
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
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * One thread of a transactional stage, with one consumer and one producer. Processes its input topic exactly once.
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
 * <p>{@link Intake} takes the batches, {@link BatchWork} has them processed by {@link Workers} and commits them by
 * {@link Transactions}.
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
    private Heartbeats heartbeats;
    /** The end offsets of the last batch that was tried; empty once it is known to be committed. */
    private Map<TopicPartition, OffsetAndMetadata> owed = Map.of();

    private final Backoff pauses;

    /**
     * @param stage name of the stage; its consumer group is {@code facestream-<stage>}
     * @param member stable name of this loop, unique among all replicas; used as transactional id and group instance id
     * @param stuck counts the abandoned workers of this process
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

    /** Whether any step has succeeded yet. */
    boolean hasBegun() {
        return begun;
    }

    /**
     * Time since the last successful step. An empty poll counts only while the group's coordinator answers, because
     * polling an unreachable broker returns nothing too. It does not count while a failed batch is still due for its
     * retry.
     */
    @Override
    public Duration sinceLastGoodStep() {
        return Duration.ofNanos(System.nanoTime() - lastGoodStep);
    }

    /** For each assigned partition, the offset of the first record that is not done. */
    @Override
    public Map<TopicPartition, Long> done() {
        Intake current = intake;
        return current == null ? Map.of() : current.done();
    }

    /** Asks the loop to end after the current batch. */
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
                    LOG.debugf("%s was asked to stop", member);
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
        // Set before running is checked again, so that stop() either wakes this consumer or is noticed by the loop.
        consumer = opened;
        heartbeats = new Heartbeats(opened, timeouts.session());
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
     * A static member that closes stays in its group. That is right for a loop that returns with a new consumer, but
     * the partitions of a stopping loop would stay idle until its session times out.
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
                // True until this step is known to be committed.
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
                if (!owes(from) && (heartbeats.isInTouch() || !batch.isEmpty())) {
                    progressed();
                }
            } catch (WakeupException | FencedInstanceIdException e) {
                transactions.abort();
                throw e;
            } catch (KafkaException | IllegalStateException e) {
                if (owed.isEmpty()) {
                    LOG.warnf("%s: retrying in %d ms: %s", member, pauses.next().toMillis(), Refusal.oneLine(e));
                } else {
                    metrics.aborted();
                    LOG.warnf("%s: aborted, retrying the batch: %s", member, Refusal.oneLine(e));
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
                        "%s: retrying the batch in %d ms: %s",
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

    /**
     * Whether a failed batch is still due for its retry. It may have been committed after all, if only the answer was
     * lost, or may have gone to another replica.
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
        // Deleted records must be reported, not skipped silently.
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
