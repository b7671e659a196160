package io.facestream.alerts.delivery;

import io.facestream.alerts.outbox.Outbox;
import io.facestream.alerts.target.AlertTarget;
import io.facestream.database.Refusal;
import io.facestream.stages.VitalThread;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** All targets of this process, each with its thread, and the removal of old alerts. */
public final class Deliveries implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Deliveries.class);
    private static final Duration EXPIRY_INTERVAL = Duration.ofMinutes(10);
    private static final int MOST_AT_ONCE = 10_000;
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final Outbox outbox;
    private final AlertMetrics metrics;
    private final Duration keep;
    private final List<AlertTarget> targets = new ArrayList<>();
    private final List<TargetThread> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** @param keep how long alerts stay in the outbox */
    public Deliveries(Outbox outbox, AlertMetrics metrics, Duration keep) {
        this.outbox = outbox;
        this.metrics = metrics;
        this.keep = keep;
        threads.add(VitalThread.of("alerts-expiry", this::removeOld));
    }

    /** Before the start. */
    public void add(String name, AlertTarget target, DeliverySettings settings) {
        TargetThread loop = new TargetThread(name, target, settings, outbox, metrics);
        targets.add(target);
        loops.add(loop);
        threads.add(VitalThread.of("alerts-" + name, loop));
    }

    public void start() {
        threads.forEach(Thread::start);
    }

    /** Alerts were stored. */
    public void wake() {
        loops.forEach(TargetThread::wake);
    }

    /** Whether every target's outbox was read. */
    public boolean hasBegun() {
        return loops.stream().allMatch(TargetThread::hasBegun);
    }

    /** Of the target whose outbox was not read for longest, deliveries aside. */
    public Duration sinceLastGoodStep() {
        return loops.stream()
                .map(TargetThread::sinceLastGoodStep)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private void removeOld() {
        try {
            do {
                try {
                    int removed;
                    do {
                        removed = outbox.remove(keep, MOST_AT_ONCE);
                    } while (removed == MOST_AT_ONCE && stopping.getCount() > 0);
                } catch (SQLException e) {
                    LOG.warnf("old alerts cannot be removed, and are tried again later: %s", Refusal.oneLine(e));
                }
            } while (!stopping.await(EXPIRY_INTERVAL.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets deliveries that are under way end for a moment, then interrupts them: they come again. */
    @Override
    public void close() {
        stopping.countDown();
        loops.forEach(TargetThread::stop);
        long deadline = System.nanoTime() + DRAIN.toNanos();
        try {
            for (Thread thread : threads) {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1_000_000, deadline - System.nanoTime()));
            }
            for (Thread thread : threads) {
                thread.interrupt();
            }
            for (Thread thread : threads) {
                thread.join(DRAIN.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        targets.forEach(AlertTarget::close);
    }
}
