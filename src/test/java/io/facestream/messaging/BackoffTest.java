package io.facestream.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff pauses = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5));

    @Test
    void pausesDoubleUpToTheLongestAndStartOverAfterASuccess() {
        assertThat(Stream.generate(pauses::take).limit(7))
                .extracting(Duration::toMillis)
                .containsExactly(250L, 500L, 1_000L, 2_000L, 4_000L, 5_000L, 5_000L);

        pauses.reset();

        assertThat(pauses.take()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void thePauseThatIsToldIsTheOneThatIsTaken() {
        pauses.take();

        assertThat(pauses.next()).isEqualTo(pauses.next()).isEqualTo(pauses.take());
    }
}
