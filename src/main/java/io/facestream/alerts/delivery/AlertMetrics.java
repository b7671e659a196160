package io.facestream.alerts.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The metrics of all targets. Of each there is a series from the beginning. Thread-safe. */
public final class AlertMetrics {
    private static final String PREFIX = "facestream.alerts.";
    private static final String WAITING = "waiting";

    /** How an alert may leave the outbox without having been delivered. */
    private static final List<String> LEFT =
            List.of("cancelled", "cooled-down", "dropped", "expired", "failed", "late");

    private final Map<String, OfTarget> targets = new HashMap<>();

    private static final class OfTarget {
        private Counter stored;
        private Counter sent;
        private Counter failedTries;
        private final Map<String, Counter> left = new HashMap<>();
        private volatile long waiting;
        private volatile Duration oldest = Duration.ZERO;
    }

    public AlertMetrics(MeterRegistry registry, Collection<String> names) {
        for (String name : names) {
            OfTarget target = new OfTarget();
            target.stored = counter(registry, "stored", "Alerts that were stored for a target", name);
            target.sent = counter(registry, "sent", "Alerts that a target has taken", name);
            target.failedTries = counter(registry, "failed.tries", "Tries to deliver an alert that failed", name);
            for (String state : LEFT) {
                target.left.put(
                        state,
                        Counter.builder(PREFIX + "left")
                                .description("Alerts that were not delivered: failed (refused, or tried too often),"
                                        + " expired (older than max-age), late (expired when first read),"
                                        + " cancelled (the visit is of somebody else),"
                                        + " cooled-down, or dropped (too many waited)")
                                .tag("target", name)
                                .tag("state", state)
                                .register(registry));
            }
            Gauge.builder(PREFIX + WAITING, target, now -> now.waiting)
                    .description("Alerts that wait for a target, those of all replicas")
                    .tag("target", name)
                    .register(registry);
            Gauge.builder(PREFIX + "waiting.time", target, now -> now.oldest.toMillis() / 1e3)
                    .description("How long the alert that waits for longest has been due")
                    .baseUnit("seconds")
                    .tag("target", name)
                    .register(registry);
            targets.put(name, target);
        }
    }

    private static Counter counter(MeterRegistry registry, String name, String description, String target) {
        return Counter.builder(PREFIX + name)
                .description(description)
                .tag("target", target)
                .register(registry);
    }

    /** @param state that alerts are in now */
    public void became(String target, String state, int alerts) {
        OfTarget of = targets.get(target);
        if (of == null) {
            return; // an alert that waited for a target that is no more
        }
        if (state.equals(WAITING)) {
            of.stored.increment(alerts);
        } else {
            of.left.get(state).increment(alerts);
        }
    }

    void sent(String target) {
        targets.get(target).sent.increment();
    }

    void failedTry(String target) {
        targets.get(target).failedTries.increment();
    }

    void stands(String target, long waiting, Duration oldest) {
        OfTarget of = targets.get(target);
        of.waiting = waiting;
        of.oldest = oldest;
    }
}
