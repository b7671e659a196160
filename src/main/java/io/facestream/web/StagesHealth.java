package io.facestream.web;

import io.facestream.stages.StageStatus;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether the transactional stages get on: Kafka's clients and their own checks stay up with a fenced producer and with a frozen
 * broker, so what counts is the time since a loop's last good step.
 */
final class StagesHealth {
    private StagesHealth() {}

    static HealthCheckResponse check(List<StageStatus> stages, Predicate<StageStatus> well) {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("stages").up();
        for (StageStatus status : stages) {
            response.withData(status.member(), status.sinceLastGoodStep().toMillis() + " ms since its last good step");
            if (status.slowestPartition() != null) {
                response.withData(
                        status.member() + " slowest",
                        status.slowestPartition() + " has made no progress for "
                                + status.stuckFor().toMillis() + " ms");
            }
            if (!well.test(status)) {
                response.down();
            }
        }
        return response.build();
    }
}
