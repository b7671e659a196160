package io.facestream.cli.publish;

import io.facestream.cli.topics.BrokerWait;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.messaging.TopicsConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Frames on their way to camera-frames, in order, however long no broker answers. Each arrives once, or twice with the
 * same id if the brokers' address changed while it was under way. If the outbox is full, recorded footage waits; a live
 * camera's frame replaces the oldest one that is not yet under way.
 *
 * <pre>
 *  put --> waiting (32 MiB; live: the newest) --> under way (8 MiB, given to Kafka's producer) --> acknowledged
 *                      ^                               |
 *                      +------- another address -------+
 * </pre>
 */
final class FrameOutbox implements AutoCloseable {
    private static final long WAITING_BYTES = 32 << 20;

    /** One frame of the largest size, or far more frames of the usual size than a round trip needs. */
    private static final long UNDER_WAY_BYTES = Topic.CAMERA_FRAMES.maxMessageBytes();

    /** After so long without an acknowledgement the brokers count as silent; they usually take milliseconds. */
    private static final long SILENCE_NANOS = Duration.ofSeconds(5).toNanos();

    private static final long LOOK_MILLIS = 500;

    private static final Map<String, Object> SETTINGS = Map.of(
            "enable.idempotence",
            true,
            // Never give up: nothing could tell a resent record from a copy that arrived after all.
            "delivery.timeout.ms",
            Integer.MAX_VALUE,
            "max.block.ms",
            2_000,
            "linger.ms",
            0);

    /** A frame that was given to a producer. */
    private record Sending(ProducerRecord<byte[], byte[]> frame, KafkaProducer<byte[], byte[]> by) {}

    private final BrokerWait patience;
    private final CountDownLatch stop;
    private final boolean live;
    private final Deque<ProducerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private final Deque<ProducerRecord<byte[], byte[]>> underWay = new ArrayDeque<>();
    private final List<KafkaProducer<byte[], byte[]>> retired = new ArrayList<>();
    private final Thread sender = new Thread(this::send, "frame-outbox");

    private KafkaConnection connection;
    private KafkaProducer<byte[], byte[]> producer;
    private long waitingBytes;
    private long underWayBytes;
    private long progressNanos;
    private long acknowledged;
    private long replaced;
    private long replacedMeanwhile;
    private Exception refusal;
    private boolean closed;

    private FrameOutbox(KafkaConnection connection, boolean live, BrokerWait patience, CountDownLatch stop) {
        this.connection = connection;
        this.live = live;
        this.patience = patience;
        this.stop = stop;
        producer = connection.producer(SETTINGS);
        sender.setDaemon(true);
        sender.start();
    }

    /**
     * Waits for a broker that has the topic.
     *
     * @param live whether the source sets the pace, so that the newest frames are worth more than the oldest
     * @param stop ends all waiting when it reaches zero
     * @return empty if stopped first
     */
    static Optional<FrameOutbox> open(boolean live, Consumer<String> notices, CountDownLatch stop)
            throws InterruptedException {
        BrokerWait patience = new BrokerWait(notices, stop);
        return patience.until((kafka, settings) -> {
            TopicAdmin.ensure(kafka, settings.get(TopicsConfig.class), List.of(Topic.CAMERA_FRAMES));
            return new FrameOutbox(kafka, live, patience, stop);
        });
    }

    /** Takes a frame. For recorded footage it waits for room, unless stopped. */
    synchronized void put(ProducerRecord<byte[], byte[]> frame) throws InterruptedException {
        check();
        int bytes = frame.value().length;
        while (!live && waitingBytes > 0 && waitingBytes + bytes > WAITING_BYTES && stop.getCount() > 0) {
            wait(1_000);
            check();
        }
        waiting.add(frame);
        waitingBytes += bytes;
        while (live && waitingBytes > WAITING_BYTES && waiting.size() > 1) {
            waitingBytes -= waiting.remove().value().length;
            replaced++;
            replacedMeanwhile++;
        }
        notifyAll();
    }

    /** The work of the sender's thread. */
    private void send() {
        try {
            for (Sending next = next(); next != null; next = next()) {
                send(next);
                closeRetired();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            refuse(e);
        }
    }

    private void send(Sending sending) {
        Thread self = Thread.currentThread();
        try {
            sending.by().send(sending.frame(), (metadata, failure) -> {
                // Called on this thread, the frame never entered the producer: no broker has named the topic's
                // partitions yet.
                if (failure != null && Thread.currentThread() == self && BrokerWait.isSilence(failure)) {
                    takeBack(sending);
                } else {
                    done(sending, failure);
                }
            });
        } catch (IllegalStateException e) {
            // The producer was closed in the meantime, and the frame has already gone back.
            if (isCurrent(sending)) {
                throw e;
            }
        }
    }

    private synchronized boolean isCurrent(Sending sending) {
        return sending.by() == producer && !closed;
    }

    /** The next frame, which is under way from here on; null when closed. */
    private synchronized Sending next() throws InterruptedException {
        while (!closed) {
            boolean room = underWay.isEmpty()
                    || (!waiting.isEmpty() && underWayBytes + waiting.peek().value().length <= UNDER_WAY_BYTES);
            if (room && !waiting.isEmpty()) {
                if (progressNanos == 0) {
                    progressNanos = System.nanoTime();
                }
                ProducerRecord<byte[], byte[]> frame = waiting.remove();
                waitingBytes -= frame.value().length;
                underWay.add(frame);
                underWayBytes += frame.value().length;
                notifyAll();
                return new Sending(frame, producer);
            }
            wait(LOOK_MILLIS);
            lookForSilence();
        }
        return null;
    }

    private synchronized void takeBack(Sending sending) {
        if (isCurrent(sending)) {
            ProducerRecord<byte[], byte[]> frame = underWay.removeLast();
            underWayBytes -= frame.value().length;
            waiting.addFirst(frame);
            waitingBytes += frame.value().length;
            lookForSilence();
        }
    }

    /** Reports a silence, and checks whether the brokers' address has changed. */
    private void lookForSilence() {
        if (progressNanos == 0 || System.nanoTime() - progressNanos < SILENCE_NANOS) {
            return;
        }
        progressNanos = System.nanoTime();
        patience.silent(
                connection.bootstrapServers(),
                live ? "; until then, the newest " + (WAITING_BYTES >> 20) + " MiB of frames are kept" : "");
        KafkaConnection now = BrokerWait.connection();
        if (!now.bootstrapServers().equals(connection.bootstrapServers())) {
            connection = now;
            startAgain();
        }
    }

    /** Starts again with a new producer, from the first unacknowledged frame. */
    private void startAgain() {
        retired.add(producer);
        producer = connection.producer(SETTINGS);
        for (Iterator<ProducerRecord<byte[], byte[]>> last = underWay.descendingIterator(); last.hasNext(); ) {
            waiting.addFirst(last.next());
        }
        waitingBytes += underWayBytes;
        underWay.clear();
        underWayBytes = 0;
    }

    /** Must not hold the lock: a closing producer calls back for its remaining records, and waits for those calls. */
    private void closeRetired() {
        List<KafkaProducer<byte[], byte[]>> closing;
        synchronized (this) {
            closing = List.copyOf(retired);
            retired.clear();
        }
        closing.forEach(old -> old.close(Duration.ZERO));
    }

    /** Handles Kafka's answer. */
    private synchronized void done(Sending sending, Exception failure) {
        if (!isCurrent(sending)) {
            return;
        }
        if (failure == null) {
            underWay.remove(sending.frame());
            underWayBytes -= sending.frame().value().length;
            acknowledged++;
            progressNanos = underWay.isEmpty() ? 0 : System.nanoTime();
            patience.answered(
                    replacedMeanwhile > 0 ? "; " + replacedMeanwhile + " frames were left out in the meantime" : "");
            replacedMeanwhile = 0;
        } else if (isRefusal(failure)) {
            refusal = failure;
        } else {
            startAgain();
        }
        notifyAll();
    }

    /** Whether trying again will not help. */
    private static boolean isRefusal(Exception failure) {
        return !(failure instanceof ApiException)
                || failure instanceof AuthorizationException
                || failure instanceof AuthenticationException
                || failure instanceof InvalidTopicException
                || failure instanceof RecordTooLargeException;
    }

    private synchronized void refuse(Exception failure) {
        refusal = failure;
        notifyAll();
    }

    private void check() {
        if (refusal != null) {
            throw new IllegalStateException("a frame did not arrive", refusal);
        }
    }

    /**
     * Waits until everything is acknowledged; once stopped, only for the given time.
     *
     * @return how many frames are not acknowledged
     */
    synchronized long finish(Duration whenStopped) throws InterruptedException {
        long stoppedNanos = 0;
        while (!waiting.isEmpty() || !underWay.isEmpty()) {
            check();
            if (stop.getCount() == 0) {
                stoppedNanos = stoppedNanos == 0 ? System.nanoTime() : stoppedNanos;
                if (System.nanoTime() - stoppedNanos > whenStopped.toNanos()) {
                    break;
                }
            }
            wait(100);
        }
        check();
        return waiting.size() + underWay.size();
    }

    /** How many frames have arrived. */
    synchronized long acknowledged() {
        return acknowledged;
    }

    /** How many frames of a live camera were replaced by newer ones. */
    synchronized long replaced() {
        return replaced;
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> last;
        synchronized (this) {
            closed = true;
            last = producer;
            notifyAll();
        }
        last.close(Duration.ZERO);
        closeRetired();
        try {
            sender.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
