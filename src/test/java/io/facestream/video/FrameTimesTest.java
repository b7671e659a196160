package io.facestream.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FrameTimesTest {
    private static final long PERIOD = 40_000;
    private static final long HOUR = 3_600_000_000L;

    private final FrameTimes times = new FrameTimes(PERIOD);
    private final List<Long> jumps = new ArrayList<>();

    @Test
    void theStreamsTimesCountFromTheFirstFrame() {
        assertThat(at(5_000_000L, 5_040_000L, 5_130_000L)).containsExactly(0L, 40_000L, 130_000L);
        assertThat(times.end()).isEqualTo(170_000);
    }

    @Test
    void framesWithoutTimesFollowAtTheStreamsRate() {
        assertThat(at(null, null, null)).containsExactly(0L, 40_000L, 80_000L);
    }

    @Test
    void aFrameWithoutATimeLiesBehindTheOneBefore() {
        assertThat(at(0L, 100_000L, null, 180_000L)).containsExactly(0L, 100_000L, 140_000L, 180_000L);
    }

    @Test
    void aClockThatIsKnownFromTheSecondFrameOnlyIsNoJump() {
        assertThat(at(null, 9 * HOUR, 9 * HOUR + 40_000)).containsExactly(0L, 40_000L, 80_000L);
        assertThat(jumps).isEmpty();
    }

    @Test
    void jumpsForwardAndBackAreClosedAndTold() {
        assertThat(at(0L, 40_000L, 10 * HOUR, 10 * HOUR + 40_000, 0L, 40_000L))
                .containsExactly(0L, 40_000L, 80_000L, 120_000L, 160_000L, 200_000L);
        assertThat(jumps).containsExactly(10 * HOUR - 40_000, -10 * HOUR - 40_000);
    }

    @Test
    void framesThatAreSlightlyOutOfOrderNeverGoBack() {
        assertThat(at(0L, 80_000L, 60_000L, 120_000L)).containsExactly(0L, 80_000L, 80_000L, 120_000L);
        assertThat(jumps).isEmpty();
    }

    /** As of a snapshot address that is asked four times a minute. */
    @Test
    void whatArrivesRarelyIsNoJump() {
        assertThat(List.of(
                        times.next(OptionalLong.empty()),
                        times.arrived(9 * HOUR),
                        times.arrived(9 * HOUR + 15_000_000)))
                .containsExactly(0L, PERIOD, PERIOD + 15_000_000);
        assertThat(times.jumped()).isZero();
    }

    @Test
    void aStreamThatLosesItsTimesAndFindsThemAgainDoesNotLeap() {
        assertThat(List.of(
                        times.next(OptionalLong.of(HOUR)),
                        times.arrived(50 * HOUR),
                        times.arrived(50 * HOUR + 90_000),
                        times.next(OptionalLong.of(2 * HOUR)),
                        times.next(OptionalLong.of(2 * HOUR + 60_000))))
                .containsExactly(0L, PERIOD, PERIOD + 90_000, 2 * PERIOD + 90_000, 2 * PERIOD + 150_000);
        assertThat(times.expectedArrival(51 * HOUR)).isEmpty();
    }

    @Test
    void aPauseIsKept() {
        assertThat(at(0L, 9_000_000L)).containsExactly(0L, 9_000_000L);
        assertThat(jumps).isEmpty();
    }

    private List<Long> at(Long... stamps) {
        List<Long> all = new ArrayList<>();
        for (Long stamp : stamps) {
            all.add(times.next(stamp == null ? OptionalLong.empty() : OptionalLong.of(stamp)));
            if (times.jumped() != 0) {
                jumps.add(times.jumped());
            }
        }
        return all;
    }
}
