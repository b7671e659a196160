package io.facestream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class CameraMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CameraMetrics cameras = new CameraMetrics(registry);

    @Test
    void framesCountByCamera() {
        cameras.frame("lobby");
        cameras.frame("lobby");
        cameras.frame("door");

        assertThat(frames("lobby")).isEqualTo(2);
        assertThat(frames("door")).isEqualTo(1);
    }

    @Test
    void aProducerThatInventsNamesDoesNotFillTheMemory() {
        cameras.frame("lobby");
        for (int i = 0; i < 5_000; i++) {
            cameras.frame("invented-" + i);
        }
        cameras.frame("lobby");

        assertThat(registry.find("facestream.camera.frames").counters()).hasSize(CameraMetrics.MOST_CAMERAS + 1);
        assertThat(registry.find("facestream.camera.damaged.frames").counters())
                .hasSize(CameraMetrics.MOST_CAMERAS + 1);
        assertThat(frames("lobby")).isEqualTo(2);
        assertThat(frames("")).isEqualTo(5_000 - (CameraMetrics.MOST_CAMERAS - 1));
    }

    private double frames(String camera) {
        return registry.get("facestream.camera.frames")
                .tag("camera", camera)
                .counter()
                .count();
    }
}
