package io.facestream.cameras;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TopicsConfig;
import io.facestream.stages.Stages;
import io.facestream.stages.VitalThread;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** {@code cameras} to {@code camera-frames}: films what the topic says. */
@ApplicationScoped
public class CamerasStage {
    private static final Logger LOG = Logger.getLogger(CamerasStage.class);
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private final Stages stages;
    private final Config config;
    private final TopicsConfig topics;
    private final CamerasConfig cameras;
    private final MeterRegistry metrics;
    private final List<Reader> readers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    CamerasStage(Stages stages, Config config, TopicsConfig topics, CamerasConfig cameras, MeterRegistry metrics) {
        this.stages = stages;
        this.config = config;
        this.topics = topics;
        this.cameras = cameras;
        this.metrics = metrics;
    }

    /** Takes no time of the other roles' start: topics and groups are the threads' own work. */
    void start(@Observes StartupEvent event) {
        if (!cameras.enabled()) {
            return;
        }
        start(KafkaConnection.from(config), stages.instance());
    }

    private void start(KafkaConnection connection, String instance) {
        CameraSettings settings = CameraSettings.of(cameras);
        Fleet fleet = new Fleet(instance, cameras.mostCameras(), metrics);
        String host = cameras.host().orElse(instance);
        readers.add(new SharedCameras(connection, topics, instance, settings, metrics, fleet));
        readers.add(new HostCameras(connection, topics, host, settings, metrics, fleet));
        for (Reader reader : readers) {
            stages.report(reader::status);
            Gauge.builder(
                            "facestream.cameras.since.good.step",
                            () -> reader.status().sinceLastGoodStep().toMillis() / 1e3)
                    .description("Time since the topic cameras was last read while the brokers answered")
                    .baseUnit("seconds")
                    .tag("member", reader.member())
                    .register(metrics);
            Thread thread = VitalThread.of(reader.member(), reader);
            threads.add(thread);
            thread.start();
        }
        LOG.infof("cameras are filmed as %s; those of one host are filmed here if it is called %s", instance, host);
    }

    /** Hands the cameras over. */
    void stop(@Observes ShutdownEvent event) {
        readers.forEach(Reader::stop);
        long deadline = System.nanoTime() + DRAIN.toNanos();
        for (Thread thread : threads) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1_000_000, deadline - System.nanoTime()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
