package io.facestream.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StageMetricsTest {
    @Test
    void partitionsOfTwoTopicsWithOneNumberCountAsOne() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        StageMetrics metrics = new StageMetrics(registry, "sightings");
        TopicPartition events = new TopicPartition("identity-events", 3);
        TopicPartition vectors = new TopicPartition("face-embeddings", 3);

        metrics.stuck(Map.of(events, Duration.ofSeconds(4), vectors, Duration.ofSeconds(9)));
        metrics.heldBack(Map.of(events, 2L, vectors, 5L));

        assertThat(registry.get("facestream.stage.partition.stuck")
                        .tag("partition", "3")
                        .gauge()
                        .value())
                .isEqualTo(9);
        assertThat(registry.get("facestream.stage.partition.held.back")
                        .tag("partition", "3")
                        .gauge()
                        .value())
                .isEqualTo(7);
    }
}
