package io.facestream.web;

import io.facestream.stages.StageStatus;
import io.facestream.stages.Stages;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready: every loop has begun and completed a step within 20 s, and each of its partitions with waiting records made
 * progress within 30 s. Partitions count separately, since the batches of the others would hide one that is stuck.
 */
@Readiness
@ApplicationScoped
class StagesReadiness implements HealthCheck {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** Longer, since a partition waits for the batches of others and is checked only every few seconds. */
    private static final Duration PARTITION_LIMIT = Duration.ofSeconds(30);

    private final Stages stages;

    StagesReadiness(Stages stages) {
        this.stages = stages;
    }

    @Override
    public HealthCheckResponse call() {
        return of(stages.status());
    }

    static HealthCheckResponse of(List<StageStatus> stages) {
        return StagesHealth.check(
                stages,
                status -> status.hasBegun()
                        && status.sinceLastGoodStep().compareTo(LIMIT) <= 0
                        && status.stalledFor().compareTo(PARTITION_LIMIT) <= 0);
    }
}
