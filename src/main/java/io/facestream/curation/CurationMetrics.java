package io.facestream.curation;

import io.facestream.curation.message.GalleryEvent.State;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** What came of commands, and how long the oldest one waits. Thread-safe. */
final class CurationMetrics {
    private final Map<State, Counter> ended = new EnumMap<>(State.class);
    private volatile Duration oldest = Duration.ZERO;

    CurationMetrics(MeterRegistry registry) {
        for (State state : State.values()) {
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
    }

    void ended(State state) {
        ended.get(state).increment();
    }

    void waiting(Duration oldest) {
        this.oldest = oldest;
    }
}
