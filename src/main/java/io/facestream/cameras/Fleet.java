package io.facestream.cameras;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** All cameras of this process, however they came to it. Thread-safe. */
final class Fleet {
    private final String replica;
    private final int most;
    private final AtomicInteger filming = new AtomicInteger();
    private final Counter fenced;
    private final Counter unreadable;

    /** @param replica this process, as others are told of it */
    Fleet(String replica, int most, MeterRegistry registry) {
        this.replica = replica;
        this.most = most;
        Gauge.builder("facestream.cameras.filming", filming, AtomicInteger::get)
                .description("Cameras that this process films, or tries to")
                .register(registry);
        fenced = Counter.builder("facestream.cameras.fenced")
                .description("Times that another process took over cameras before this one had given them up")
                .register(registry);
        unreadable = Counter.builder("facestream.cameras.unreadable.records")
                .description("Records of the topic cameras whose key is not a camera's name")
                .register(registry);
    }

    String replica() {
        return replica;
    }

    /** Whether there is room for one more, which is taken. */
    boolean admits() {
        if (filming.incrementAndGet() <= most) {
            return true;
        }
        filming.decrementAndGet();
        return false;
    }

    void left() {
        filming.decrementAndGet();
    }

    void fenced() {
        fenced.increment();
    }

    void unreadable() {
        unreadable.increment();
    }
}
