package io.facestream.web;

import io.facestream.messaging.Stages;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Live: every loop got through a step within 120 s. Less, and an outage of the broker would restart every pod. */
@Liveness
@ApplicationScoped
class StagesLiveness implements HealthCheck {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Stages stages;

    StagesLiveness(Stages stages) {
        this.stages = stages;
    }

    @Override
    public HealthCheckResponse call() {
        return StagesHealth.check(stages, LIMIT);
    }
}
