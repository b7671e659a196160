package io.facestream.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.stages.StageStatus;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class StagesHealthTest {
    private static StageStatus loop(boolean hasBegun, int seconds) {
        return new StageStatus("matching", "m-" + seconds, hasBegun, Duration.ofSeconds(seconds), null, Duration.ZERO);
    }

    private static boolean ready(StageStatus... loops) {
        return StagesReadiness.of(List.of(loops)).getStatus() == Status.UP;
    }

    private static boolean live(StageStatus... loops) {
        return StagesLiveness.of(List.of(loops)).getStatus() == Status.UP;
    }

    @Test
    void readyIsWhoHasBegunAndGetsOn() {
        assertThat(ready(loop(true, 0), loop(true, 20))).isTrue();
        assertThat(ready(loop(true, 0), loop(true, 21))).isFalse();
        assertThat(ready(loop(false, 1))).as("nothing has worked yet").isFalse();
        assertThat(ready()).as("no stage runs here").isTrue();
    }

    @Test
    void aPartitionThatIsStuckWhileTheOthersGetOnIsNotReadyAndIsNamed() {
        StageStatus stuck =
                new StageStatus("detection", "d-0", true, Duration.ZERO, "camera-frames-3", Duration.ofSeconds(31));
        StageStatus busy =
                new StageStatus("detection", "d-0", true, Duration.ZERO, "camera-frames-3", Duration.ofSeconds(29));

        assertThat(ready(stuck)).isFalse();
        assertThat(StagesReadiness.of(List.of(stuck)).getData().orElseThrow().values())
                .anySatisfy(said ->
                        assertThat(said).asString().contains("camera-frames-3 has made no progress for 31000 ms"));
        assertThat(ready(busy)).isTrue();
    }

    @Test
    void anOutageOfTheBrokerRestartsNothingForTenMinutes() {
        assertThat(live(loop(true, 600), loop(false, 599))).isTrue();
        assertThat(live(loop(true, 0), loop(true, 601))).isFalse();
        assertThat(live(loop(false, 601))).isFalse();
    }
}
