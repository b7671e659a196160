package io.facestream.web.keys;

import io.facestream.web.WebConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * How often each key may ask: on average as often a second as the settings say, and for ten seconds' worth at once.
 * Each replica counts by itself.
 */
@ApplicationScoped
class KeyRates {
    /** Keys that are counted; of more, those that asked longest ago begin anew. */
    private static final int MOST_KEYS = 10_000;

    private static final int SECONDS_AT_ONCE = 10;
    private static final double NANOS = 1e9;

    private final int perSecond;
    private final LongSupplier clock;
    private final Map<UUID, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Bucket> eldest) {
            return size() > MOST_KEYS;
        }
    };

    @Inject
    KeyRates(WebConfig config) {
        this(config.keyRate(), System::nanoTime);
    }

    /** @param clock in nanoseconds */
    KeyRates(int perSecond, LongSupplier clock) {
        this.perSecond = perSecond;
        this.clock = clock;
    }

    private record Bucket(double left, long since) {}

    /** Counts a request, if it may be. */
    synchronized boolean admits(UUID key) {
        long now = clock.getAsLong();
        double full = (double) perSecond * SECONDS_AT_ONCE;
        Bucket before = buckets.getOrDefault(key, new Bucket(full, now));
        double left = Math.min(full, before.left + (now - before.since) / NANOS * perSecond);
        boolean admitted = left >= 1;
        buckets.put(key, new Bucket(admitted ? left - 1 : left, now));
        return admitted;
    }
}
