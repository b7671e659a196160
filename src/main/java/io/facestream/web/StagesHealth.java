package io.facestream.web;

import io.facestream.messaging.StageStatus;
import io.facestream.messaging.Stages;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether the transactional stages get on: Kafka's clients and their own checks stay up with a fenced producer and with a frozen
 * broker, so what counts is the time since a loop's last good step.
 */
final class StagesHealth {
    private StagesHealth() {}

    static HealthCheckResponse check(Stages stages, Duration limit) {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("stages").up();
        for (StageStatus status : stages.status()) {
            response.withData(status.member(), status.sinceLastGoodStep().toMillis() + " ms since its last good step");
            if (status.sinceLastGoodStep().compareTo(limit) > 0) {
                response.down();
            }
        }
        return response.build();
    }
}
