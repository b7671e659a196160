package io.facestream.alerts.mqtt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What is counted of a target. */
final class MqttMetrics {
    static final String STATE = "state";
    static final String EVENT = "event";
    static final String ALERT = "alert";

    /** Why an event was dropped. */
    static final String OLD = "old";

    static final String FULL = "full";

    private final AtomicInteger leading = new AtomicInteger();
    private final AtomicInteger connected = new AtomicInteger();
    private final Map<String, Counter> published = new HashMap<>();
    private final Map<String, Counter> dropped = new HashMap<>();
    private final Counter unreadable;

    MqttMetrics(MeterRegistry registry, String target) {
        Gauge.builder("facestream.mqtt.leading", leading, AtomicInteger::get)
                .description("1 in the replica that publishes states and events, 0 in the others")
                .tag("target", target)
                .register(registry);
        Gauge.builder("facestream.mqtt.connected", connected, AtomicInteger::get)
                .description("1 where that replica is connected to the broker")
                .tag("target", target)
                .register(registry);
        for (String kind : new String[] {STATE, EVENT, ALERT}) {
            published.put(
                    kind,
                    Counter.builder("facestream.mqtt.published")
                            .description("Messages that the broker acknowledged")
                            .tag("target", target)
                            .tag("kind", kind)
                            .register(registry));
        }
        for (String why : new String[] {OLD, FULL}) {
            dropped.put(
                    why,
                    Counter.builder("facestream.mqtt.dropped")
                            .description("Events that were not published: too old, or too many")
                            .tag("target", target)
                            .tag("why", why)
                            .register(registry));
        }
        unreadable = Counter.builder("facestream.mqtt.unreadable")
                .description("Records of sightings that are none, and were left out")
                .tag("target", target)
                .register(registry);
    }

    void leads(boolean leads) {
        leading.set(leads ? 1 : 0);
    }

    void connected(boolean isConnected) {
        connected.set(isConnected ? 1 : 0);
    }

    void published(String kind) {
        published.get(kind).increment();
    }

    void dropped(String why) {
        dropped.get(why).increment();
    }

    void unreadable() {
        unreadable.increment();
    }
}
