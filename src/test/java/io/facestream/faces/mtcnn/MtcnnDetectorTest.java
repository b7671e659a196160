package io.facestream.faces.mtcnn;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.facestream.faces.FaceDetector;
import io.facestream.faces.LandmarkDetectorContract;
import io.facestream.networks.ComputeDevice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MtcnnDetectorTest extends LandmarkDetectorContract {
    private static final MtcnnNetworks NETWORKS = MtcnnNetworks.load(ComputeDevice.CPU);

    @Override
    protected FaceDetector open() {
        return new MtcnnDetector(NETWORKS, MtcnnSettings.DEFAULT);
    }

    @Override
    protected FaceDetector openCredulous() {
        return new MtcnnDetector(NETWORKS, new MtcnnSettings(12, 0, 0, 0, 0, 0.709f));
    }

    @AfterAll
    static void closeNetworks() {
        NETWORKS.close();
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MtcnnSettings.DEFAULT.withSmallestFace(11))
                .withMessageContaining("11");
        assertThatIllegalArgumentException().isThrownBy(() -> MtcnnSettings.DEFAULT.withOutputThreshold(1.1f));
        assertThatIllegalArgumentException().isThrownBy(() -> new MtcnnSettings(40, 0.6f, 0.7f, 0.7f, 0.9f, 1));
    }
}
