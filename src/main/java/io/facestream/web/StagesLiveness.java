package io.facestream.web;

import io.facestream.stages.StageStatus;
import io.facestream.stages.Stages;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Live: every loop got through a step within ten minutes. A loop starts over by itself, and one that dies ends the process; this is for
 * one that hangs. Less, and an outage of the broker would restart every pod, which would be back later than the broker.
 */
@Liveness
@ApplicationScoped
class StagesLiveness implements HealthCheck {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Stages stages;

    StagesLiveness(Stages stages) {
        this.stages = stages;
    }

    @Override
    public HealthCheckResponse call() {
        return of(stages.status());
    }

    static HealthCheckResponse of(List<StageStatus> stages) {
        return StagesHealth.check(stages, status -> status.sinceLastGoodStep().compareTo(LIMIT) <= 0);
    }
}
