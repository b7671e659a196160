package io.facestream.training.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void theRateRisesToItsHighestAndFallsToZero() {
        Schedule schedule = new Schedule(0.01, 200);

        assertThat(schedule.rate(1)).isCloseTo(0.001, within(1e-9));
        assertThat(schedule.rate(10)).isCloseTo(0.01, within(1e-9));
        assertThat(schedule.rate(105)).isCloseTo(0.005, within(1e-9));
        assertThat(schedule.rate(200)).isCloseTo(0, within(1e-9));
    }

    @Test
    void aRunOfOneStepHasARate() {
        assertThat(new Schedule(0.01, 1).rate(1)).isEqualTo(0.01);
    }
}
