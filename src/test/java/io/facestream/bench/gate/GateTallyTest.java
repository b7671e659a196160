package io.facestream.bench.gate;

import static io.facestream.bench.gate.GateScene.Presence.NOBODY;
import static io.facestream.bench.gate.GateScene.Presence.PARTLY;
import static io.facestream.bench.gate.GateScene.Presence.SOMEBODY;
import static io.facestream.cameras.motion.Verdict.KEEP_ALIVE;
import static io.facestream.cameras.motion.Verdict.OPEN;
import static io.facestream.cameras.motion.Verdict.SHUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.cameras.motion.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** At 5 frames a second, with a hold of two frames. */
class GateTallyTest {
    private final GateTally tally = new GateTally(5, Duration.ofMillis(400));

    private void frames(int count, GateScene.Presence presence, Verdict verdict) {
        for (int i = 0; i < count; i++) {
            tally.frame(presence, verdict);
        }
    }

    @Test
    void whatPassesWithNobodyIsToldApartByWhy() {
        frames(1, NOBODY, KEEP_ALIVE);
        frames(3, NOBODY, SHUT);
        frames(5, SOMEBODY, OPEN);
        frames(2, PARTLY, OPEN);
        frames(3, NOBODY, OPEN);
        frames(3, NOBODY, SHUT);

        GateTally.Result result = tally.result();
        assertThat(result.empty())
                .as("without those that show a part of a face")
                .isEqualTo(10);
        assertThat(result.emptyPassed()).isEqualTo(0.4);
        assertThat(result.emptyHeld()).isEqualTo(0.2);
        assertThat(result.emptyKeptAlive()).isEqualTo(0.1);
        assertThat(result.emptyOpen()).isEqualTo(0.1);
        assertThat(result.longestOpenSeconds()).isEqualTo(0.6);
    }

    @Test
    void anOpenGateBeforeAnybodyCameIsNotHeld() {
        frames(2, NOBODY, OPEN);

        assertThat(tally.result().emptyHeld()).isZero();
        assertThat(tally.result().emptyOpen()).isEqualTo(1);
    }

    @Test
    void facesVisitsAndGapsAreCounted() {
        frames(6, SOMEBODY, SHUT);
        frames(1, NOBODY, SHUT);
        frames(4, SOMEBODY, SHUT);
        frames(1, NOBODY, SHUT);
        frames(3, SOMEBODY, SHUT);
        frames(7, SOMEBODY, OPEN);
        tally.cut();
        frames(5, SOMEBODY, OPEN);

        GateTally.Result result = tally.result();
        assertThat(result.occupiedPassed()).isEqualTo(12 / 25.0);
        assertThat(result.longestGapSeconds()).isEqualTo(1.2);
        assertThat(result.visits()).as("of a second and more").isEqualTo(3);
        assertThat(result.visitsLost()).isEqualTo(1);
    }
}
