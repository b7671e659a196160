package io.facestream.stages;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StageTimeoutsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static StageTimeouts with(
            Duration firstPause, Duration longestPause, Duration session, Duration heartbeat, Duration keepAliveAfter) {
        return new StageTimeouts(
                firstPause, longestPause, session, heartbeat, Duration.ofSeconds(60), keepAliveAfter, SECOND, SECOND);
    }

    @Test
    void timeoutsThatDoNotGoTogetherAreRefused() {
        Duration nine = Duration.ofSeconds(9);
        assertThatThrownBy(() -> with(Duration.ZERO, SECOND, nine, SECOND, SECOND))
                .hasMessageContaining("above 0 s");
        assertThatThrownBy(() -> with(SECOND, Duration.ofMillis(999), nine, SECOND, SECOND))
                .hasMessageContaining("longest pause");
        assertThatThrownBy(() -> with(SECOND, SECOND, nine, Duration.ofSeconds(4), SECOND))
                .hasMessageContaining("three heartbeats");
        assertThatThrownBy(() -> with(SECOND, SECOND, nine, SECOND, Duration.ofSeconds(60)))
                .hasMessageContaining("poll interval");
    }
}
