package io.facestream.web.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeyRatesTest {
    private final AtomicLong clock = new AtomicLong();
    private final KeyRates rates = new KeyRates(2, clock::get);
    private final UUID key = UUID.randomUUID();

    private int admitted(UUID key) {
        int admitted = 0;
        while (rates.admits(key)) {
            admitted++;
        }
        return admitted;
    }

    @Test
    void tenSecondsWorthIsAdmittedAtOnceAndThenTheRate() {
        assertThat(admitted(key)).isEqualTo(20);

        clock.addAndGet(Duration.ofSeconds(3).toNanos());

        assertThat(admitted(key)).isEqualTo(6);
    }

    @Test
    void aKeyDoesNotPayForAnother() {
        admitted(key);

        assertThat(rates.admits(UUID.randomUUID())).isTrue();
    }

    @Test
    void oneThatRestsHasNoMoreThanTenSecondsWorth() {
        admitted(key);

        clock.addAndGet(Duration.ofHours(1).toNanos());

        assertThat(admitted(key)).isEqualTo(20);
    }
}
