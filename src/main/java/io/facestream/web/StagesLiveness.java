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
 * Live: every loop completed a step within ten minutes. A loop restarts by itself, and one that dies ends the process;
 * this check finds one that hangs. With a shorter limit an outage of the broker would restart every pod, and the pods
 * would be back later than the broker.
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
