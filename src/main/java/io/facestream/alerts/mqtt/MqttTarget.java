package io.facestream.alerts.mqtt;

import io.facestream.alerts.target.Alert;
import io.facestream.alerts.target.AlertTarget;
import io.facestream.alerts.target.DeliveryException;
import io.facestream.messaging.Json;
import io.facestream.stages.VitalThread;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Publishes alerts: each to {@code facestream/alerts/RULE}, with QoS 1 and not retained. It is delivered when the
 * broker acknowledged it. Every replica delivers, by a connection of its own, which is opened with the first alert.
 */
final class MqttTarget implements AlertTarget {
    /** A new connection and an acknowledgement end within {@link AlertTarget#LONGEST_DELIVERY}. */
    private static final Duration CONNECTION = Duration.ofSeconds(8);

    private static final Duration ACKNOWLEDGEMENT = Duration.ofSeconds(12);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration END = Duration.ofSeconds(10);

    private final MqttSettings settings;
    private final Topics topics;
    private final MqttMetrics metrics;
    private final Link link;
    private final SightingsTopic sightings;
    private final Thread reading;
    private boolean opened;

    /**
     * A target that connects to nothing yet.
     *
     * @param sightings what publishes states and events; null if they are not wanted
     */
    MqttTarget(MqttSettings settings, Topics topics, MqttMetrics metrics, Link link, SightingsTopic sightings) {
        this.settings = settings;
        this.topics = topics;
        this.metrics = metrics;
        this.link = link;
        this.sightings = sightings;
        this.reading = sightings == null ? null : VitalThread.of("mqtt-sightings", sightings);
    }

    /** Begins to publish states and events, or to stand by for it. */
    void start() {
        if (reading != null) {
            reading.setDaemon(true);
            reading.start();
        }
    }

    @Override
    public void deliver(Alert alert, Duration age, int attempt) throws DeliveryException, InterruptedException {
        connect();
        try {
            link.publish(topics.alert(alert.rule()), Json.write(alert), false)
                    .get(ACKNOWLEDGEMENT.toMillis(), TimeUnit.MILLISECONDS);
            metrics.published(MqttMetrics.ALERT);
        } catch (ExecutionException e) {
            throw DeliveryException.retryable(Failures.oneLine(e.getCause()), e);
        } catch (TimeoutException e) {
            throw DeliveryException.retryable("no acknowledgement by " + settings.address(), e);
        }
    }

    private void connect() throws DeliveryException, InterruptedException {
        synchronized (this) {
            if (!opened) {
                opened = true;
                link.open();
            }
        }
        long deadline = System.nanoTime() + CONNECTION.toNanos();
        while (!link.isConnected()) {
            if (System.nanoTime() - deadline > 0) {
                throw DeliveryException.retryable(
                        "there is no connection to " + settings.address(), new IOException("not connected"));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    @Override
    public void close() {
        if (reading != null) {
            sightings.stop();
            try {
                reading.join(END.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        link.close(null);
    }
}
