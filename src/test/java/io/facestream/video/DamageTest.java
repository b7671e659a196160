package io.facestream.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DamageTest {
    private static final long PERIOD = 200_000;

    private final Damage damage = new Damage();
    private long number;

    @Test
    void whatIsPredictedFromADamagedFrameIsDamagedUntilTheNextKeyFrame() {
        assertThat(shown("I P P! P P I P")).containsExactly(2, 3, 4);
    }

    @Test
    void aDamagedKeyFrameSpoilsWhatFollows() {
        assertThat(shown("I P I! P P I P")).containsExactly(2, 3, 4);
    }

    @Test
    void aDamagedBFrameSpoilsOnlyItsNeighbours() {
        assertThat(shown("I B B! B P B P")).containsExactly(2, 3);
    }

    @Test
    void aLossThatTheDecoderDoesNotSeeCountsFromThereOn() {
        assertThat(shown("I P")).isEmpty();
        damage.lossAfter(1);

        assertThat(shown("P P I P")).containsExactly(2, 3);
    }

    @Test
    void whereRecordingsWereJoinedAtAKeyFrameNothingIsSpoilt() {
        assertThat(shown("I P")).isEmpty();
        damage.lossAfter(2);

        assertThat(shown("I P P")).isEmpty();
    }

    /** Streams with intra refresh have one key frame, the first. */
    @Test
    void aStreamWithoutKeyFramesIsTakenForWholeAgainAfterAWhile() {
        assertThat(shown("I! " + "P ".repeat(100))).containsExactlyElementsOf(upTo(50));
    }

    private static List<Integer> upTo(int last) {
        return java.util.stream.IntStream.rangeClosed(0, last).boxed().toList();
    }

    /** @return the numbers of those that show damage, of frames by type, marked with ! where the decoder marks them */
    private List<Integer> shown(String frames) {
        List<Integer> shown = new ArrayList<>();
        for (String frame : frames.trim().split(" ")) {
            if (damage.shownBy(
                    number, frame.endsWith("!"), frame.startsWith("I"), frame.startsWith("B"), number * PERIOD)) {
                shown.add((int) number);
            }
            number++;
        }
        return shown;
    }
}
