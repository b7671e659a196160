package io.facestream.cameras;

import io.facestream.cameras.sending.FrameSender;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The metrics of one camera, from when this process begins to film it to when it ends. */
final class CameraMetrics implements FrameSender.Fate, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CameraMetrics.class);
    private static final String PREFIX = "facestream.cameras.";

    private final MeterRegistry registry;
    private final String camera;
    private final List<Meter> meters = new ArrayList<>();
    private final AtomicReference<CameraState> state = new AtomicReference<>(new CameraState.Connecting());
    private volatile Instant lastFrame;
    private final Counter looked;
    private final Counter open;
    private final Counter keepAlive;
    private final Counter ungated;
    private final Counter damaged;
    private final Counter dropped;
    private final Counter opened;
    private final Map<Step, Counter> spent = new EnumMap<>(Step.class);

    CameraMetrics(MeterRegistry registry, String camera) {
        this.registry = registry;
        this.camera = camera;
        Stream.of("connecting", "playing", "frozen", "failing")
                .forEach(label -> meters.add(Gauge.builder(
                                PREFIX + "state",
                                state,
                                now -> now.get().label().equals(label) ? 1 : 0)
                        .description("1 for the state that a camera is in: connecting, playing, frozen or failing")
                        .tag("camera", camera)
                        .tag("state", label)
                        .register(registry)));
        looked = counter("looked.frames", "Frames that a camera's gate looked at", "");
        String sent = "Frames of a camera that were sent, by why its gate let them pass";
        open = counter("sent.frames", sent, "open");
        keepAlive = counter("sent.frames", sent, "keep-alive");
        ungated = counter("sent.frames", sent, "none");
        damaged = counter("damaged.frames", "Frames that were left out because parts of them were lost", "");
        dropped = counter("dropped.frames", "Frames that were too large, or that Kafka did not take in time", "");
        opened = counter("opened", "Times that a camera was opened", "");
        for (Step step : Step.values()) {
            Counter counter = Counter.builder(PREFIX + "cpu.seconds")
                    .description("CPU time of a camera's thread: decoding, gate, picture")
                    .tag("camera", camera)
                    .tag("step", step.label())
                    .register(registry);
            meters.add(counter);
            spent.put(step, counter);
        }
    }

    private Counter counter(String name, String description, String gate) {
        Counter.Builder builder =
                Counter.builder(PREFIX + name).description(description).tag("camera", camera);
        Counter counter = (gate.isEmpty() ? builder : builder.tag("gate", gate)).register(registry);
        meters.add(counter);
        return counter;
    }

    /** Notes a state; a change is logged once. */
    void state(CameraState now) {
        CameraState before = state.getAndSet(now);
        if (now instanceof CameraState.Failing failing && !now.equals(before)) {
            LOG.warnf("camera %s is failing: %s; trying again until it plays", camera, failing.why());
        } else if (!now.label().equals(before.label())) {
            LOG.infof("camera %s is %s", camera, now.label());
        }
    }

    CameraState state() {
        return state.get();
    }

    void looked() {
        looked.increment();
    }

    /** When a frame was last sent; null if none was. */
    Instant lastFrame() {
        return lastFrame;
    }

    @Override
    public void sent(String gate) {
        lastFrame = Instant.now();
        switch (gate) {
            case "open" -> open.increment();
            case "keep-alive" -> keepAlive.increment();
            default -> ungated.increment();
        }
    }

    void spent(Step step, long cpuNanos) {
        spent.get(step).increment(cpuNanos / 1e9);
    }

    void damaged() {
        damaged.increment();
    }

    @Override
    public void dropped() {
        dropped.increment();
    }

    void opened() {
        opened.increment();
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}
