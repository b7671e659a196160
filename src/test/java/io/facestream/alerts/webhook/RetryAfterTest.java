package io.facestream.alerts.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-28T18:00:00Z");

    @Test
    void secondsAndDatesAreUnderstoodAndNothingElse() {
        assertThat(RetryAfter.of("0", NOW)).contains(Duration.ZERO);
        assertThat(RetryAfter.of(" 120 ", NOW)).contains(Duration.ofMinutes(2));
        assertThat(RetryAfter.of("Sat, 28 Nov 2026 18:01:00 GMT", NOW)).contains(Duration.ofMinutes(1));
        assertThat(RetryAfter.of("Sat, 28 Nov 2026 17:00:00 GMT", NOW)).contains(Duration.ZERO);
        for (String nonsense : new String[] {null, "", "-1", "1.5", "soon", "99999999999999999999", "9".repeat(5000)}) {
            assertThat(RetryAfter.of(nonsense, NOW)).as(nonsense).isEmpty();
        }
    }
}
