package io.facestream.faces;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** How many frames each camera has sent, so that one that falls silent is noticed. Serves any number of threads. */
final class CameraMetrics {
    /** Producers choose the names: more cameras than these are counted together, under an empty name. */
    static final int MOST_CAMERAS = 1_000;

    private static final Logger LOG = Logger.getLogger(CameraMetrics.class);

    private final MeterRegistry registry;
    private final Map<String, Counter> frames = new ConcurrentHashMap<>();

    CameraMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A frame came, whatever comes of it; one whose batch comes again counts again. */
    void frame(String camera) {
        Counter known = frames.get(camera);
        if (known == null) {
            known = frames.computeIfAbsent(frames.size() < MOST_CAMERAS ? camera : "", this::counter);
        }
        known.increment();
    }

    private Counter counter(String camera) {
        if (camera.isEmpty()) {
            LOG.warnf("there are more than %d cameras: the others are counted together", MOST_CAMERAS);
        }
        return Counter.builder("facestream.camera.frames")
                .description("Frames of a camera")
                .tag("camera", camera)
                .register(registry);
    }
}
