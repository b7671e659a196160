package io.facestream.web;

import io.facestream.stages.StageStatus;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether the transactional stages make progress. Kafka's clients and their own health checks stay up even with a
 * fenced producer or a frozen broker, so the time since a loop's last good step counts instead.
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
                                + status.stalledFor().toMillis() + " ms");
            }
            if (!well.test(status)) {
                response.down();
            }
        }
        return response.build();
    }
}
