package io.facestream.alerts.delivery;

import io.facestream.alerts.outbox.Claim;
import io.facestream.alerts.outbox.Outbox;
import io.facestream.alerts.target.AlertTarget;
import io.facestream.alerts.target.DeliveryException;
import io.facestream.database.Refusal;
import io.facestream.messaging.Backoff;
import io.facestream.messaging.RateLimit;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Delivers the alerts of one target, one after another. */
final class TargetThread implements Runnable {
    private static final Logger LOG = Logger.getLogger(TargetThread.class);

    /** How soon an alert is noticed that another replica stored, or whose time has come. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final String name;
    private final AlertTarget target;
    private final DeliverySettings settings;
    private final Outbox outbox;
    private final AlertMetrics metrics;
    private final Semaphore news = new Semaphore(0);
    private final RateLimit failing = new RateLimit(Duration.ofMinutes(1));
    private final RateLimit faults = new RateLimit(Duration.ofMinutes(1));
    private final RateLimit unreachable = new RateLimit(Duration.ofMinutes(1));
    private volatile boolean stopping;
    private volatile long lastGoodStep = System.nanoTime();
    private volatile boolean begun;
    private volatile boolean delivering;

    TargetThread(String name, AlertTarget target, DeliverySettings settings, Outbox outbox, AlertMetrics metrics) {
        this.name = name;
        this.target = target;
        this.settings = settings;
        this.outbox = outbox;
        this.metrics = metrics;
    }

    /** Something was stored. */
    void wake() {
        news.release();
    }

    void stop() {
        stopping = true;
        news.release();
    }

    /** Whether the outbox was read since the process started. */
    boolean hasBegun() {
        return begun;
    }

    /** Since the outbox was last read; a delivery may take its time meanwhile. */
    Duration sinceLastGoodStep() {
        Duration since = Duration.ofNanos(System.nanoTime() - lastGoodStep);
        Duration beyond = delivering ? since.minus(AlertTarget.LONGEST_DELIVERY) : since;
        return beyond.isNegative() ? Duration.ZERO : beyond;
    }

    @Override
    public void run() {
        Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
        try {
            while (!stopping) {
                try {
                    // Whatever is stored from now on wakes it again.
                    news.drainPermits();
                    if (!step()) {
                        rest(INTERVAL);
                    }
                    pauses.reset();
                } catch (SQLException e) {
                    if (unreachable.permits()) {
                        LOG.warnf("alerts for %s wait, and are tried again: %s", name, Refusal.oneLine(e));
                    }
                    rest(pauses.take());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void rest(Duration pause) throws InterruptedException {
        if (!stopping) {
            news.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Whether there may be more to do at once. */
    private boolean step() throws SQLException, InterruptedException {
        Outbox.Look look = outbox.look(name, settings.maxAge(), settings.mostWaiting());
        begun = true;
        lastGoodStep = System.nanoTime();
        metrics.stands(name, look.waiting(), look.oldest());
        look.left().forEach((state, alerts) -> metrics.became(name, state, alerts));
        Optional<Claim> claim = look.claim();
        if (claim.isPresent()) {
            delivering = true;
            try {
                deliver(claim.get());
            } finally {
                delivering = false;
            }
        }
        return claim.isPresent();
    }

    private void deliver(Claim claim) throws SQLException, InterruptedException {
        try {
            target.deliver(claim.alert(), claim.age(), claim.attempt());
        } catch (DeliveryException e) {
            failed(claim, e);
            return;
        } catch (InterruptedException e) {
            outbox.giveBack(claim);
            throw e;
        } catch (RuntimeException e) {
            // A fault of ours in one target must not end the others.
            if (faults.permits()) {
                LOG.errorf(e, "target %s", name);
            }
            failed(claim, DeliveryException.retryable(e.toString(), e));
            return;
        }
        metrics.sent(name);
        outbox.sent(claim);
    }

    private void failed(Claim claim, DeliveryException failure) throws SQLException {
        metrics.failedTry(name);
        boolean last = !failure.isRetryable() || claim.attempt() >= settings.attempts();
        if (failing.permits()) {
            LOG.warnf(
                    "target %s did not take an alert of rule %s, %s: %s",
                    name,
                    claim.alert().rule(),
                    last ? "and is not asked again" : "and is asked again",
                    failure.getMessage());
        }
        if (last) {
            outbox.fail(claim, failure.getMessage());
            metrics.became(name, "failed", 1);
        } else {
            outbox.retry(
                    claim,
                    Pauses.after(claim.attempt(), failure.pause(), ThreadLocalRandom.current()),
                    failure.getMessage());
        }
    }
}
