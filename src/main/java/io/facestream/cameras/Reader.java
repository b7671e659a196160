package io.facestream.cameras;

import io.facestream.database.Refusal;
import io.facestream.messaging.Backoff;
import io.facestream.stages.StageStatus;
import java.time.Duration;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/** The thread that reads definitions, with a new consumer after each failure, until it is stopped. */
abstract class Reader implements Runnable {
    private static final Logger LOG = Logger.getLogger(Reader.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration CONSUMER_CLOSE = Duration.ofSeconds(5);

    private final String member;
    private volatile boolean running = true;
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean begun;
    private volatile long lastGoodStep = System.nanoTime();

    Reader(String member) {
        this.member = member;
    }

    /** Makes topics and a consumer. */
    abstract KafkaConsumer<byte[], byte[]> open();

    /** Begins with a new consumer. */
    abstract void begin(KafkaConsumer<byte[], byte[]> opened);

    /** One step; true if the brokers answered. */
    abstract boolean step();

    /** Stops all cameras; the consumer's own end follows. */
    abstract void end();

    String member() {
        return member;
    }

    StageStatus status() {
        return new StageStatus(
                "cameras", member, begun, Duration.ofNanos(System.nanoTime() - lastGoodStep), null, Duration.ZERO);
    }

    void stop() {
        running = false;
        KafkaConsumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
    }

    @Override
    public void run() {
        Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
        while (running) {
            try (Opened opened = new Opened(open())) {
                consumer = opened.consumer();
                begin(consumer);
                while (running) {
                    if (step()) {
                        begun = true;
                        lastGoodStep = System.nanoTime();
                        pauses.reset();
                    }
                }
            } catch (WakeupException e) {
                LOG.debugf("%s was asked to stop", member);
            } catch (KafkaException | IllegalStateException e) {
                if (!running) {
                    return;
                }
                LOG.warnf("%s starts over in %d ms: %s", member, pauses.next().toMillis(), Refusal.oneLine(e));
                LOG.debug("starts over", e);
                sleep(pauses.take());
            }
        }
    }

    private void sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }

    /** A consumer; when it is closed the cameras stop first, so that it gives up nothing that is still filmed. */
    private final class Opened implements AutoCloseable {
        private final KafkaConsumer<byte[], byte[]> opened;

        Opened(KafkaConsumer<byte[], byte[]> opened) {
            this.opened = opened;
        }

        KafkaConsumer<byte[], byte[]> consumer() {
            return opened;
        }

        @Override
        public void close() {
            consumer = null;
            end();
            opened.close(CloseOptions.timeout(CONSUMER_CLOSE)
                    .withGroupMembershipOperation(
                            running
                                    ? CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP
                                    : CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
    }
}
