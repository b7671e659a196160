package io.facestream.cameras.sending;

import io.facestream.database.Refusal;
import io.facestream.messaging.Backoff;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RateLimit;
import io.facestream.stages.VitalThread;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jboss.logging.Logger;

/**
 * Sends the frames of some cameras, and how these do, in transactions: not to send several at once, but because a
 * transactional id fences. Who takes over a partition's cameras begins with the same id, and from then on the broker
 * refuses whatever the former owner still sends, however long that was frozen.
 *
 * <p>A frame is sent at once if nothing is under way; what comes in the meantime goes into the next transaction. If the
 * broker does not answer, the newest 32 MiB wait for it, and the latest state of each camera.
 */
public final class FrameSender implements Runnable, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FrameSender.class);

    private static final long WAITING_BYTES = 32 << 20;
    private static final long IDLE_MILLIS = 500;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final RateLimit WARNINGS = new RateLimit(Duration.ofSeconds(10));

    private final KafkaConnection connection;
    private final String transactionalId;
    private final Lease lease;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Map<String, ProducerRecord<byte[], byte[]>> states = new LinkedHashMap<>();
    private final Thread thread;

    private long waitingBytes;
    private volatile boolean closed;
    private volatile boolean ready;
    private volatile boolean fenced;

    /** What becomes of a camera's frames. */
    public interface Fate {
        /** @param gate why the frame passed */
        void sent(String gate);

        void dropped();
    }

    private record Waiting(ProducerRecord<byte[], byte[]> frame, String gate, Fate fate) {}

    private record Batch(List<Waiting> frames, Map<String, ProducerRecord<byte[], byte[]>> states) {
        static final Batch EMPTY = new Batch(List.of(), Map.of());

        boolean isEmpty() {
            return frames.isEmpty() && states.isEmpty();
        }
    }

    public FrameSender(KafkaConnection connection, String transactionalId, Lease lease) {
        this.connection = connection;
        this.transactionalId = transactionalId;
        this.lease = lease;
        thread = VitalThread.of(transactionalId, this);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether former owners are fenced, so that cameras may film. */
    public boolean isReady() {
        return ready && !fenced;
    }

    /** Whether another process has taken over this id. */
    public boolean isFenced() {
        return fenced;
    }

    /** Takes a frame; after the lease's end it is dropped. If there is no room, the oldest ones are dropped. */
    public synchronized void put(ProducerRecord<byte[], byte[]> frame, String gate, Fate fate) {
        if (closed || fenced || !lease.holds()) {
            fate.dropped();
            return;
        }
        waiting.add(new Waiting(frame, gate, fate));
        waitingBytes += frame.value().length;
        makeRoom();
        notifyAll();
    }

    /** Takes how a camera does, instead of what was said of it and is not sent yet; after the lease's end nothing. */
    public synchronized void tell(String camera, ProducerRecord<byte[], byte[]> state) {
        if (!closed && !fenced && lease.holds()) {
            states.put(camera, state);
            notifyAll();
        }
    }

    private void makeRoom() {
        while (waitingBytes > WAITING_BYTES && waiting.size() > 1) {
            Waiting oldest = waiting.remove();
            waitingBytes -= oldest.frame.value().length;
            oldest.fate.dropped();
        }
    }

    @Override
    public void run() {
        try {
            sendUntilClosed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendUntilClosed() throws InterruptedException {
        Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
        while (!closed) {
            if (!lease.holds()) {
                // Whoever may not film must not fence who may.
                sleep(FIRST_PAUSE);
                continue;
            }
            Batch batch = Batch.EMPTY;
            KafkaProducer<byte[], byte[]> producer = null;
            try {
                producer = connection.producer(settings());
                producer.initTransactions();
                ready = true;
                while (hasMore()) {
                    batch = take();
                    if (!batch.isEmpty()) {
                        send(producer, batch);
                        batch = Batch.EMPTY;
                        pauses.reset();
                    }
                }
            } catch (KafkaException | IllegalStateException e) {
                if (isFence(e)) {
                    fence();
                    return;
                }
                if (WARNINGS.permits()) {
                    LOG.warnf("%s: frames wait: %s", transactionalId, Refusal.oneLine(e));
                }
                LOG.debug("not sent", e);
                takeBack(batch);
                sleep(pauses.take());
            } finally {
                if (producer != null) {
                    producer.close(Duration.ZERO);
                }
            }
        }
    }

    /**
     * Whether a successor has taken over the id. While it does so, Kafka 4 (KIP-890) mistakes the commit of the
     * transaction that it has aborted for a repeated one, and answers that the state is not valid.
     */
    static boolean isFence(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException
                    || cause instanceof InvalidProducerEpochException
                    || cause instanceof InvalidTxnStateException) {
                return true;
            }
        }
        return false;
    }

    private void send(KafkaProducer<byte[], byte[]> producer, Batch batch) {
        producer.beginTransaction();
        batch.frames.forEach(one -> producer.send(one.frame));
        batch.states.values().forEach(producer::send);
        producer.commitTransaction();
        batch.frames.forEach(one -> one.fate.sent(one.gate));
    }

    /** After its end, what it has been told before is sent still. */
    private synchronized boolean hasMore() {
        return !closed || !states.isEmpty();
    }

    private synchronized Batch take() throws InterruptedException {
        if (waiting.isEmpty() && states.isEmpty()) {
            wait(IDLE_MILLIS);
        }
        if (!lease.holds()) {
            drop();
            return Batch.EMPTY;
        }
        Batch batch = new Batch(List.copyOf(waiting), new LinkedHashMap<>(states));
        waiting.clear();
        waitingBytes = 0;
        states.clear();
        return batch;
    }

    /** Frames of a transaction that may have failed: if it did not, detection knows them by their ids. */
    private synchronized void takeBack(Batch batch) {
        for (int i = batch.frames.size() - 1; i >= 0; i--) {
            waiting.addFirst(batch.frames.get(i));
            waitingBytes += batch.frames.get(i).frame.value().length;
        }
        batch.states.forEach(states::putIfAbsent);
        makeRoom();
    }

    private synchronized void fence() {
        if (closed) {
            return;
        }
        fenced = true;
        drop();
        LOG.warnf("%s: another process has taken over; this one stops filming these cameras", transactionalId);
    }

    private void drop() {
        states.clear();
        dropFrames();
    }

    private void dropFrames() {
        waiting.forEach(one -> one.fate.dropped());
        waiting.clear();
        waitingBytes = 0;
    }

    private synchronized void sleep(Duration pause) throws InterruptedException {
        if (!closed) {
            wait(pause.toMillis());
        }
    }

    /** From here on no frame is sent; what is in a transaction may still arrive, and what was told before is sent. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            dropFrames();
            notifyAll();
        }
    }

    /** Waits until its thread has ended, which takes as long as a commit that is under way. */
    public boolean awaitEnd(Duration atMost) {
        try {
            thread.join(Math.max(1, atMost.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** As the stages' transactions have them, see {@code docs/decisions/0003-a-transactional-loop-of-our-own.md}. */
    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 15_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, WAITING_BYTES + (16 << 20));
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return settings;
    }
}
