package io.facestream.stages;

import io.facestream.messaging.RateLimit;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Topic;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/**
 * Processes a batch to its end, whatever it contains. Successful parts are committed. After a failure half of the
 * records are tried, then a quarter, down to one; after a success twice as many. A record is rejected if it fails alone
 * twice without an {@linkplain Outage outage}, or exceeds its CPU time twice. Used only by the loop's thread.
 */
final class BatchWork {
    private static final Logger LOG = Logger.getLogger(BatchWork.class);

    private static final int ATTEMPTS = 2;

    /** The most that {@link StageConfig#maxPollRecords()} allows. */
    private static final int LARGEST_BATCH = 10_000;

    private static final Duration PATIENCE = Duration.ofMillis(200);

    private static final Duration KEEP_ALIVE_EVERY = Duration.ofSeconds(2);

    /** Limits stack traces. Other failures are logged in one line. */
    private static final RateLimit STACK_TRACES = new RateLimit(Duration.ofMinutes(1));

    private final String stage;
    private final String member;
    private final Workers workers;
    private final Transactions transactions;
    private final StageMetrics metrics;
    private final Tracer tracer;
    private final Duration keepAliveAfter;
    private final Runnable progress;

    /** After a bad record the next ones are probably fine, but an overloaded database stays overloaded for a while. */
    private static final int MOST_SUCCESSES_TO_GROW = 64;

    /** How many records to try together; unlimited unless something failed. */
    private int size = Integer.MAX_VALUE;

    private int successesToGrow = 1;
    private int successes;

    /** How often an uncommitted record has failed alone. */
    private final Map<RecordPointer, Integer> failures = new HashMap<>();

    /** How often a record has exceeded its CPU time, alone or among others. */
    private final Map<RecordPointer, Integer> overruns = new HashMap<>();

    /**
     * @param keepAliveAfter when to start polling the group while a batch is processed. Until then a rebalance waits
     *     for the batch, so that its work is not lost
     * @param progress called after each committed part of a batch
     */
    BatchWork(
            String stage,
            String member,
            Workers workers,
            Transactions transactions,
            StageMetrics metrics,
            Tracer tracer,
            Duration keepAliveAfter,
            Runnable progress) {
        this.stage = stage;
        this.member = member;
        this.workers = workers;
        this.transactions = transactions;
        this.metrics = metrics;
        this.tracer = tracer;
        this.keepAliveAfter = keepAliveAfter;
        this.progress = progress;
    }

    /**
     * Processes and commits all of it.
     *
     * @throws Exception for an outage; {@code intake} knows what was committed before it
     */
    void process(Batch batch, Intake intake) throws Exception {
        int next = 0;
        while (next < batch.records().size()) {
            next = step(batch, next, intake);
        }
        failures.clear();
        overruns.clear();
    }

    /** One attempt; returns the index of the first record that is not done. */
    private int step(Batch batch, int from, Intake intake) throws Exception {
        int to = (int) Math.min(batch.records().size(), (long) from + size);
        List<ConsumerRecord<byte[], byte[]>> records = batch.records().subList(from, to);
        try (BatchTrace trace = new BatchTrace(tracer, group(stage), records)) {
            long started = System.nanoTime();
            Workers.Result result = attempt(records, intake);
            metrics.processing().record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
            int done = from + result.outputs().size();
            if (done > from) {
                commit(batch, from, result.outputs(), trace, intake);
                workers.committed();
            }
            if (result.failure() == null) {
                grow();
                return done;
            }
            return failed(batch, done, result, intake);
        }
    }

    private void grow() {
        if (++successes < successesToGrow) {
            return;
        }
        successes = 0;
        size = size > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : size * 2;
        if (size >= LARGEST_BATCH) {
            successesToGrow = 1;
        }
    }

    private void shrink(Workers.Result result, boolean outage) {
        successes = 0;
        size = result.failure() instanceof Overrun ? 1 : Math.max(1, result.failed() / 2);
        successesToGrow = outage ? Math.min(MOST_SUCCESSES_TO_GROW, 2 * successesToGrow) : 1;
    }

    private Workers.Result attempt(List<ConsumerRecord<byte[], byte[]>> records, Intake intake)
            throws InterruptedException {
        Workers.Attempt attempt = workers.begin(records);
        try {
            long keepAlive = System.nanoTime() + keepAliveAfter.toNanos();
            while (!attempt.finished(PATIENCE)) {
                if (System.nanoTime() - keepAlive >= 0) {
                    intake.keepAlive();
                    keepAlive = System.nanoTime() + KEEP_ALIVE_EVERY.toNanos();
                }
            }
            return attempt.result();
        } finally {
            attempt.cancel();
        }
    }

    /** Decides what to try next, or rejects the record. */
    private int failed(Batch batch, int at, Workers.Result result, Intake intake) throws Exception {
        Throwable failure = result.failure();
        boolean overrun = failure instanceof Overrun;
        boolean outage = Outage.is(failure);
        shrink(result, outage);
        if (outage) {
            throw failure instanceof Exception e ? e : new IllegalStateException(failure);
        }
        metrics.aborted();
        ConsumerRecord<byte[], byte[]> first = batch.records().get(at);
        workers.overrunsOfCancelled().forEach(record -> overruns.merge(record, 1, Integer::sum));
        if (overrun) {
            batch.records()
                    .subList(at, at + result.failed())
                    .forEach(record -> overruns.merge(RecordPointer.to(record), 1, Integer::sum));
        } else if (result.failed() == 1) {
            failures.merge(RecordPointer.to(first), 1, Integer::sum);
        }
        logFailure(first, result);
        int times = (overrun ? overruns : failures).getOrDefault(RecordPointer.to(first), 0);
        if (result.failed() > 1 || times < ATTEMPTS) {
            return at;
        }
        RejectedException rejection = new RejectedException(
                overrun ? RejectReason.PROCESSING_TIMEOUT : RejectReason.PROCESSING_FAILED,
                overrun ? failure.getMessage() : failure.toString(),
                failure);
        reject(batch, at, rejection, intake);
        return at + 1;
    }

    private void logFailure(ConsumerRecord<byte[], byte[]> first, Workers.Result result) {
        String which = result.failed() == 1
                ? RecordPointer.to(first) + " failed"
                : result.failed() + " records starting at " + RecordPointer.to(first) + " failed together";
        if (STACK_TRACES.permits()) {
            LOG.warnf(result.failure(), "%s: %s; retrying or rejecting", member, which);
        } else {
            LOG.warnf("%s: %s; retrying or rejecting: %s", member, which, result.failure());
        }
    }

    private void reject(Batch batch, int at, RejectedException rejection, Intake intake) throws InterruptedException {
        ConsumerRecord<byte[], byte[]> record = batch.records().get(at);
        List<ProducerRecord<byte[], byte[]>> outputs =
                new ArrayList<>(workers.function().answer(record, rejection));
        outputs.add(RejectedRecords.of(record, stage, rejection));
        try (BatchTrace trace = new BatchTrace(tracer, group(stage), List.of(record))) {
            commit(batch, at, List.of(outputs), trace, intake);
        }
    }

    private void commit(
            Batch batch, int from, List<List<ProducerRecord<byte[], byte[]>>> outputs, BatchTrace trace, Intake intake)
            throws InterruptedException {
        List<List<ProducerRecord<byte[], byte[]>>> bounded = new ArrayList<>(outputs.size());
        for (int i = 0; i < outputs.size(); i++) {
            trace.pass(i, outputs.get(i));
            bounded.add(bounded(batch.records().get(from + i), outputs.get(i)));
        }
        var ends = batch.ends(from, from + outputs.size());
        long started = System.nanoTime();
        transactions.commit(bounded, ends, batch.generation());
        metrics.committing().record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
        metrics.committed(bounded);
        trace.committed(bounded);
        intake.doneTo(ends);
        progress.run();
    }

    /**
     * The outputs of a record. If one is larger than its topic allows, rejects the record instead, because the broker
     * would refuse the output for ever.
     */
    private List<ProducerRecord<byte[], byte[]>> bounded(
            ConsumerRecord<byte[], byte[]> record, List<ProducerRecord<byte[], byte[]>> outputs) {
        return outputs.stream().allMatch(Topic::takes)
                ? outputs
                : List.of(RejectedRecords.of(
                        record,
                        stage,
                        new RejectedException(
                                RejectReason.TOO_LARGE, "its output is larger than the next topic accepts")));
    }

    /** The consumer group of a stage, which also names it in lag, spans and ACLs. */
    static String group(String stage) {
        return "facestream-" + stage;
    }
}
