package io.facestream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facestream.cameras.CameraTrial;
import org.junit.jupiter.api.Test;

class CameraCostTest {
    @Test
    void camerasACoreFollowFromWhatEachStepCostsAndHowOftenItIsDone() {
        // 10 s at 25 frames/s, 5 of which are looked at: 250 ms of decoding in all, 1 ms a look, 4 ms a picture.
        CameraTrial.Result filmed = new CameraTrial.Result(
                100, 640, 480, 10, 250, 250, 50, 10, 0, new byte[0], new CameraTrial.Cost(250, 1, 4));

        CameraCost cost = CameraCost.of(filmed, 0.5, 16);

        assertThat(cost.decoding()).isEqualTo(25);
        assertThat(cost.gate()).isEqualTo(5);
        assertThat(cost.pictures()).isEqualTo(2);
        assertThat(cost.processing()).isEqualTo(8);
        assertThat(cost.camerasPerCore()).isCloseTo(25, within(1e-9));
    }
}
