package io.facestream.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameSamplingTest {
    @ParameterizedTest
    @CsvSource({
        "30, 30, 108000",
        "29.97002997, 29.97, 107892",
        "30, 10, 36000",
        "30, 7, 25200",
        "25, 24, 86400",
        "10, 0.5, 1800",
        "10, 25, 36000"
    })
    void anHourYieldsNASecondOrAllThatThereAre(double sourceRate, double framesPerSecond, long expected) {
        FrameSampling sampling = new FrameSampling(framesPerSecond);
        long frames = (long) (3600 * sourceRate);

        long taken = LongStream.range(0, frames)
                .map(i -> (long) (i * 1e6 / sourceRate))
                .filter(sampling::takes)
                .count();

        assertThat(taken).isBetween(expected - 1, expected + 1);
    }

    @Test
    void noFrameIsLostToAClockThatJitters() {
        FrameSampling sampling = new FrameSampling(30);

        assertThat(LongStream.of(0, 31_000, 68_000, 98_000, 134_000).filter(sampling::takes))
                .hasSize(5);
    }

    @Test
    void afterAGapTheFirstFrameIsTakenAndNoneIsMadeUpFor() {
        FrameSampling sampling = new FrameSampling(1);

        assertThat(LongStream.of(0, 500_000, 7_300_000, 7_800_000, 8_300_000).filter(sampling::takes))
                .containsExactly(0L, 7_300_000L, 8_300_000L);
    }

    @Test
    void aClockThatIsSetBackStopsNothing() {
        FrameSampling sampling = new FrameSampling(1);

        assertThat(LongStream.of(900_000_000, 5_000_000, 5_500_000, 6_000_000).filter(sampling::takes))
                .containsExactly(900_000_000L, 5_000_000L, 6_000_000L);
    }
}
