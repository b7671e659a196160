package io.facestream.video;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SnapshotPaceTest {
    private static final long START = Long.MAX_VALUE - 100_000_000;

    private final SnapshotPace pace = new SnapshotPace(10);

    /** Asks as soon as it is time, and returns when that was. */
    private long ask(long now) {
        long at = now + Math.max(0, pace.untilNext(now));
        pace.asked(at);
        return at;
    }

    @Test
    void aQuickCameraIsAskedAsOftenAsItsPicturesAreWanted() {
        long at = ask(START);
        for (int i = 1; i <= 50; i++) {
            at = ask(at + 3_000_000);
        }

        assertThat(at - START).isEqualTo(5_000_000_000L);
    }

    @Test
    void oneSlowAnswerDoesNotLowerTheRate() {
        long first = ask(START);
        long late = ask(first + 150_000_000);
        long next = ask(late + 3_000_000);

        assertThat(late - START).isEqualTo(150_000_000);
        assertThat(next - START).isEqualTo(200_000_000);
    }

    @Test
    void aCameraThatIsSlowerThanWantedIsAskedWithoutAPauseAndNothingIsMadeUpFor() {
        long at = ask(START);
        for (int i = 0; i < 20; i++) {
            long answered = at + 400_000_000;
            at = ask(answered);
            assertThat(at).isEqualTo(answered);
        }
        long caughtUp = ask(at + 3_000_000);
        assertThat(ask(caughtUp + 3_000_000) - caughtUp).isEqualTo(97_000_000);
    }
}
