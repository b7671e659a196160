package io.facestream.web;

import io.facestream.messaging.Stages;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready: every loop got through a step within 20 s. */
@Readiness
@ApplicationScoped
class StagesReadiness implements HealthCheck {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Stages stages;

    StagesReadiness(Stages stages) {
        this.stages = stages;
    }

    @Override
    public HealthCheckResponse call() {
        return StagesHealth.check(stages, LIMIT);
    }
}
