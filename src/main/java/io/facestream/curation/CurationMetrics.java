package io.facestream.curation;

import io.facestream.curation.ReceiptStore.Unverified;
import io.facestream.curation.message.GalleryEvent.State;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/** What came of commands, and how long the oldest one waits. Thread-safe. */
final class CurationMetrics {
    private final Map<State, Counter> ended = new EnumMap<>(State.class);
    private volatile Duration oldest = Duration.ZERO;
    private volatile Unverified unverified = new Unverified(0, 0);

    CurationMetrics(MeterRegistry registry) {
        for (State state : EnumSet.of(State.DONE, State.REJECTED, State.FAILED)) {
            ended.put(
                    state,
                    Counter.builder("facestream.curation.commands")
                            .description("Gallery commands that this process did, rejected or failed to do")
                            .tag("state", state.label())
                            .register(registry));
        }
        Gauge.builder("facestream.curation.waiting.time", this, now -> now.oldest.toMillis() / 1e3)
                .description("How long the oldest gallery command that has not ended, or whose answer is not"
                        + " published, has waited; of all replicas")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("facestream.curation.erasures.unverified", this, now -> now.unverified.all())
                .description("Erasures that are not verified yet: topics or dead rows may hold the person")
                .register(registry);
        Gauge.builder("facestream.curation.erasures.overdue", this, now -> now.unverified.overdue())
                .description("Erasures that are not verified a day after nothing should be left of the person")
                .register(registry);
    }

    void ended(State state) {
        ended.get(state).increment();
    }

    void unverified(Unverified erasures) {
        this.unverified = erasures;
    }

    void waiting(Duration oldest) {
        this.oldest = oldest;
    }
}
