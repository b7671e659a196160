package io.facestream.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.djl.engine.Engine;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.hog.HogDetector;
import io.facestream.faces.mtcnn.MtcnnDetector;
import io.facestream.faces.rfb.RfbDetector;
import io.facestream.faces.ssd.SsdDetector;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaceDetectorsTest {
    @Test
    void theConfiguredDetectorIsLoaded() {
        assertThat(detector(Map.of())).isEqualTo(RfbDetector.class);
        assertThat(detector(Map.of("facestream.detection.detector", "rfb"))).isEqualTo(RfbDetector.class);
        assertThat(detector(Map.of("facestream.detection.detector", "mtcnn"))).isEqualTo(MtcnnDetector.class);
        assertThat(detector(Map.of("facestream.detection.detector", "cnn"))).isEqualTo(SsdDetector.class);
        assertThat(detector(Map.of("facestream.detection.detector", "hog"))).isEqualTo(HogDetector.class);
    }

    @Test
    void aGpuThatIsNotThereIsAnErrorAtStart() {
        Network.shipped("mtcnn-pnet", ComputeDevice.CPU).close();
        assumeFalse(Engine.getEngine("TensorFlow").hasCapability("CUDA"), "this machine has a GPU");

        assertThatIllegalStateException()
                .isThrownBy(() ->
                        detector(Map.of("facestream.detection.detector", "cnn", "facestream.detection.device", "gpu")))
                .withMessageContaining("no GPU was found");
    }

    @Test
    void aGpuForADetectorThatHasNoUseForItIsAnErrorAtStart() {
        assertThatIllegalStateException()
                .isThrownBy(() -> detector(Map.of("facestream.detection.device", "gpu")))
                .withMessageContaining("rfb runs on the CPU");
        assertThatIllegalStateException()
                .isThrownBy(() -> detector(
                        Map.of("facestream.detection.detector", "mtcnn", "facestream.detection.device", "gpu")))
                .withMessageContaining("mtcnn runs on the CPU");
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        detector(Map.of("facestream.detection.detector", "hog", "facestream.detection.device", "gpu")))
                .withMessageContaining("hog runs on the CPU");
    }

    @Test
    void thresholdsOutOfRangeAreRefused() {
        for (String name : List.of("rfb", "mtcnn", "cnn")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> detector(Map.of(
                            "facestream.detection.detector", name, "facestream.detection.least-confidence", "1.5")))
                    .withMessageContaining("1.5");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detector(Map.of("facestream.detection.least-proposal", "-1")))
                .withMessageContaining("-1");
    }

    private static Class<? extends FaceDetector> detector(Map<String, String> settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withMapping(DetectionConfig.class)
                .withDefaultValue("facestream.detection.enabled", "true");
        settings.forEach(builder::withDefaultValue);
        DetectionConfig config = builder.build().getConfigMapping(DetectionConfig.class);
        try (FaceDetectors detectors = FaceDetectors.load(config);
                FaceDetector detector = detectors.detector()) {
            return detector.getClass();
        }
    }
}
