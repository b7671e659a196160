package io.facestream.messaging;

import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
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
 *            +------------------- rewind to the committed offsets <-------------------+
 *            v                                                                        |
 *   poll (keep its generation) -> process -> begin, send, send offsets, commit -> ok  |
 *                                    |                 |                              |
 *                                    | an outage:      | a refusal: abort; refused    |
 *                                    | wait, nothing   | too: a new producer          |
 *                                    | is open         |                              |
 *                                    +-----------------+------------------------------+
 * </pre>
 *
 * <p>The offsets are sent with the group generation of the poll that returned the records: asked for later, it could be
 * that of a rebalance in between, and the broker would accept records that another replica processes as well.
 */
final class StageLoop implements Runnable {
    private static final Logger LOG = Logger.getLogger(StageLoop.class);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** As long as a session: a member that was silent for longer is none any more. */
    private static final Duration MAX_SILENCE = Duration.ofSeconds(10);

    private static final Duration CONSUMER_CLOSE = Duration.ofSeconds(2);
    private static final Duration PRODUCER_CLOSE = Duration.ofSeconds(2);

    private final KafkaConnection connection;
    private final String stage;
    private final String member;
    private final Topic input;
    private final int maxPollRecords;
    private final Supplier<BatchFunction> functions;
    private final StageMetrics metrics;
    private final Tracer tracer;

    private volatile boolean running = true;
    private volatile boolean begun;
    private volatile long lastGoodStep = System.nanoTime();
    private volatile long lag;
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private Metric heartbeat;
    private KafkaProducer<byte[], byte[]> producer;
    /** Where the last batch that was tried ends; empty once it is known to be committed. */
    private Map<TopicPartition, OffsetAndMetadata> owed = Map.of();

    private Duration pause = FIRST_PAUSE;

    /**
     * @param stage name of the stage; its consumer group is {@code facestream-<stage>}
     * @param member stable and unique name of this loop among all replicas: transactional id and group instance id
     */
    StageLoop(
            KafkaConnection connection,
            String stage,
            String member,
            Topic input,
            int maxPollRecords,
            Supplier<BatchFunction> functions,
            StageMetrics metrics,
            Tracer tracer) {
        this.connection = connection;
        this.stage = stage;
        this.member = member;
        this.input = input;
        this.maxPollRecords = maxPollRecords;
        this.functions = functions;
        this.metrics = metrics;
        this.tracer = tracer;
    }

    String member() {
        return member;
    }

    private String group() {
        return "facestream-" + stage;
    }

    /** Whether there was a step that went through. */
    boolean hasBegun() {
        return begun;
    }

    /**
     * Time since a step that went through. An empty poll is one if the group's coordinator is in touch, for a poll of a broker that is
     * gone is empty too; and unless a batch that failed has yet to come again.
     */
    Duration sinceLastGoodStep() {
        return Duration.ofNanos(System.nanoTime() - lastGoodStep);
    }

    /** Records between the loop's position and the ends of its partitions, as of its last poll. */
    long lag() {
        return lag;
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
        try (BatchFunction function = functions.get()) {
            while (running) {
                try {
                    consumeWithNewConsumer(function);
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
            dropProducer();
        }
    }

    private void consumeWithNewConsumer(BatchFunction function) {
        KafkaConsumer<byte[], byte[]> opened = connection.consumer(consumerSettings());
        // Before running is looked at again: a stop() sees either this consumer to wake or is seen itself.
        consumer = opened;
        heartbeat = opened.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("last-heartbeat-seconds-ago"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Kafka's consumer does not show its heartbeat"));
        try {
            opened.subscribe(List.of(input.topicName()));
            consume(opened, function);
        } finally {
            consumer = null;
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

    private void consume(KafkaConsumer<byte[], byte[]> from, BatchFunction function) {
        boolean rewind = false;
        while (running) {
            try {
                if (producer == null) {
                    producer = connection.producer(producerSettings());
                    // Ends what the last owner of this transactional id left open.
                    producer.initTransactions();
                }
                if (rewind) {
                    rewind(from);
                }
                // Until this step is known to be committed.
                rewind = true;
                ConsumerRecords<byte[], byte[]> records = from.poll(POLL);
                lag = lag(from);
                if (!records.isEmpty()) {
                    ConsumerGroupMetadata generation = from.groupMetadata();
                    owed = records.nextOffsets();
                    step(records, function, generation);
                    owed = Map.of();
                }
                rewind = false;
                if (!owes(from) && (!records.isEmpty() || inTouch())) {
                    begun = true;
                    lastGoodStep = System.nanoTime();
                    pause = FIRST_PAUSE;
                }
            } catch (WakeupException | FencedInstanceIdException e) {
                abort();
                throw e;
            } catch (KafkaException | IllegalStateException e) {
                if (owed.isEmpty()) {
                    LOG.warnf("%s tries again in %d ms: %s", member, pause.toMillis(), Refusal.oneLine(e));
                } else {
                    metrics.aborted();
                    LOG.warnf("%s: aborted, the batch comes again: %s", member, Refusal.oneLine(e));
                }
                LOG.debug("aborted", e);
                abort();
                sleep();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                running = false;
            } catch (Exception e) {
                metrics.aborted();
                LOG.warnf("%s: the batch comes again in %d ms: %s", member, pause.toMillis(), Refusal.oneLine(e));
                LOG.debug("not processed", e);
                sleep();
            }
        }
    }

    private void step(ConsumerRecords<byte[], byte[]> records, BatchFunction function, ConsumerGroupMetadata generation)
            throws Exception {
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>(records.count());
        records.forEach(batch::add);
        try (BatchTrace trace = new BatchTrace(tracer, group(), batch)) {
            long started = System.nanoTime();
            List<List<ProducerRecord<byte[], byte[]>>> outputs = function.process(batch);
            List<List<ProducerRecord<byte[], byte[]>>> bounded = new ArrayList<>(batch.size());
            for (int i = 0; i < batch.size(); i++) {
                trace.pass(i, outputs.get(i));
                bounded.add(bounded(batch.get(i), outputs.get(i)));
            }
            long processed = System.nanoTime();
            metrics.processing().record(processed - started, TimeUnit.NANOSECONDS);
            commit(bounded, owed, generation);
            metrics.committing().record(System.nanoTime() - processed, TimeUnit.NANOSECONDS);
            metrics.committed(bounded);
            trace.committed(bounded);
            function.committed();
        }
    }

    /**
     * What comes of a record. Where an output is larger than its topic takes, the record is rejected instead: sent as it is,
     * it would be refused for ever.
     */
    private List<ProducerRecord<byte[], byte[]>> bounded(
            ConsumerRecord<byte[], byte[]> record, List<ProducerRecord<byte[], byte[]>> outputs) {
        return outputs.stream().allMatch(Topic::takes)
                ? outputs
                : List.of(RejectedRecords.of(
                        record,
                        stage,
                        new RejectedException(
                                RejectReason.TOO_LARGE, "what comes of it is larger than the next topic takes")));
    }

    private void commit(
            List<List<ProducerRecord<byte[], byte[]>>> outputs,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata generation)
            throws InterruptedException {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (List<ProducerRecord<byte[], byte[]>> ofRecord : outputs) {
            for (ProducerRecord<byte[], byte[]> output : ofRecord) {
                sent.add(producer.send(output));
            }
        }
        producer.sendOffsetsToTransaction(offsets, generation);
        for (Future<RecordMetadata> record : sent) {
            try {
                record.get();
            } catch (ExecutionException e) {
                throw new KafkaException("an output was not taken: " + e.getCause(), e.getCause());
            }
        }
        producer.commitTransaction();
    }

    /** Whether the group's coordinator has lately been told of this member; negative before it is one. */
    private boolean inTouch() {
        double secondsAgo = ((Number) heartbeat.metricValue()).doubleValue();
        return secondsAgo >= 0 && secondsAgo <= MAX_SILENCE.toSeconds();
    }

    private static long lag(KafkaConsumer<byte[], byte[]> of) {
        return of.assignment().stream()
                .mapToLong(partition -> of.currentLag(partition).orElse(0))
                .sum();
    }

    /**
     * Whether a batch that failed has yet to come again. It may have been committed all the same, when only the answer was
     * lost, or have gone to another replica.
     */
    private boolean owes(KafkaConsumer<byte[], byte[]> from) {
        return !owed.isEmpty()
                && from.assignment().stream()
                        .anyMatch(partition -> owed.containsKey(partition)
                                && from.position(partition)
                                        < owed.get(partition).offset());
    }

    private void rewind(KafkaConsumer<byte[], byte[]> of) {
        Set<TopicPartition> assignment = of.assignment();
        if (assignment.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> committed = of.committed(assignment);
        for (TopicPartition partition : assignment) {
            OffsetAndMetadata position = committed.get(partition);
            if (position == null) {
                of.seekToBeginning(List.of(partition));
            } else {
                of.seek(partition, position);
            }
        }
    }

    private void abort() {
        if (producer == null) {
            return;
        }
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            // Fenced, or in an unknown state after a timed-out commit: only a new producer can go on. An abort with
            // nothing open lands here as well, when the poll failed; a new producer does no harm.
            LOG.debugf("%s: abort refused: %s", member, e.toString());
            dropProducer();
        }
    }

    private void dropProducer() {
        if (producer != null) {
            producer.close(running ? Duration.ZERO : PRODUCER_CLOSE);
            producer = null;
        }
    }

    private void sleep() {
        try {
            if (running) {
                Thread.sleep(pause.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /** The timeouts with which the loop came through frozen and killed brokers, stages and rebalances. */
    private Map<String, Object> producerSettings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, member);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 15_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return settings;
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group());
        settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPollRecords);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, input.maxMessageBytes());
        settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 60_000);
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) MAX_SILENCE.toMillis());
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        settings.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return settings;
    }
}
