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
 * Ready: every loop has begun, and got through a step within 20 s; and each of its partitions that has records waiting has got on
 * within 30 s, for the batches of the others would hide one that is stuck.
 */
@Readiness
@ApplicationScoped
class StagesReadiness implements HealthCheck {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** More, for a partition has to wait for the batches of others, and is looked at every few seconds only. */
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
                        && status.stuckFor().compareTo(PARTITION_LIMIT) <= 0);
    }
}
