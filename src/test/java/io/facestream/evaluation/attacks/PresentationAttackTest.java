package io.facestream.evaluation.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facestream.evaluation.attacks.PresentationAttack.Group;
import io.facestream.evaluation.attacks.PresentationAttack.Rates;
import io.facestream.evaluation.attacks.PresentationAttack.Report;
import io.facestream.evaluation.attacks.PresentationAttack.Shown;
import java.util.List;
import org.junit.jupiter.api.Test;

class PresentationAttackTest {
    private static final List<Shown> SHOWN = List.of(
            new Shown(null, 0.9),
            new Shown(null, 0.5),
            new Shown(null, 0.2),
            new Shown(null, Double.NaN),
            new Shown("print", 0.1),
            new Shown("print", 0.8),
            new Shown("screen", 0.05),
            new Shown("screen", 0.15),
            new Shown("screen", Double.NaN));

    private final Report report = new PresentationAttack(SHOWN, 1).report(0.5);

    @Test
    void theAttacksTakenForLiveFacesAreCountedForEachSpecies() {
        assertThat(report.at().apcer()).containsEntry("print", 0.5).containsEntry("screen", 0.0);
    }

    @Test
    void theWorstSpeciesCounts() {
        assertThat(report.at().worstApcer()).isEqualTo(0.5);
    }

    @Test
    void liveFacesBelowTheThresholdAreErrorsAndThoseAtItAreNot() {
        assertThat(report.at().bpcer()).isEqualTo(1 / 3.0, within(1e-9));
    }

    @Test
    void picturesWithoutAFaceAreNoResponseAndCountInNoRate() {
        assertThat(report.live()).isEqualTo(new Group(4, 1, 1.6 / 3));
        assertThat(report.attacks().get("screen").noResponse()).isEqualTo(1);
    }

    @Test
    void aSpeciesOfWhichNoFaceWasFoundHasNoRate() {
        Report none =
                new PresentationAttack(List.of(new Shown(null, 0.9), new Shown("mask", Double.NaN)), 1).report(0.5);

        assertThat(none.at().apcer()).containsEntry("mask", null);
        assertThat(none.at().worstApcer()).isNull();
    }

    @Test
    void aHigherThresholdTakesFewerAttacksForLiveFaces() {
        Rates last = report.curve().get(report.curve().size() - 1);

        assertThat(last.worstApcer()).isZero();
        assertThat(last.bpcer()).isEqualTo(1);
    }
}
