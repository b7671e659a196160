package io.facestream.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.facestream.calibration.AllPairs;
import io.facestream.embeddings.Embedding;
import io.facestream.evaluation.Verification.Gain;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.PhotoError;
import io.facestream.photos.PhotoSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {
    private static final Offset<Double> ROUNDING = within(1e-5);
    private static final double UNDETECTED = -1;

    private final List<EmbeddedPhoto> photos = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void eachFoldIsJudgedByTheThresholdThatIsBestOnTheOthers() throws Exception {
        twoFolds();

        Verification.Report report = verification(Set.of()).report();

        assertThat(report.pairs()).isEqualTo(12);
        // Halfway between 0.72 and 0.8 for the first fold, between 0.4 and 1 for the second, where the pair at 0.72 is
        // wrong.
        assertThat(report.threshold()).isCloseTo((0.76 + 0.7) / 2, ROUNDING);
        assertThat(report.foldAccuracies()).containsExactly(new double[] {1, 5 / 6.0}, ROUNDING);
        assertThat(report.accuracy()).isCloseTo(11 / 12.0, ROUNDING);
    }

    @Test
    void theStandardErrorIsThatOfTheFoldsMean() throws Exception {
        twoFolds();

        // Two accuracies, 1/12 above and below their mean: the deviation is sqrt(2)/12, and that of the mean 1/12.
        assertThat(verification(Set.of()).report().standardError()).isCloseTo(1 / 12.0, ROUNDING);
    }

    @Test
    void wrongPairsAreThoseOnTheWrongSideOfTheirFoldsThreshold() throws Exception {
        twoFolds();

        List<PhotoError> wrong = verification(Set.of()).errors();

        assertThat(wrong).hasSize(1);
        assertThat(wrong.get(0).kind()).isEqualTo("false-reject");
        assertThat((double) wrong.get(0).distance()).isCloseTo(0.72, ROUNDING);
        assertThat(wrong.get(0).photo().photo().label()).isEqualTo("A8/A8_0001.jpg");
        assertThat(wrong.get(0).other().photo().label()).isEqualTo("A8/A8_0002.jpg");
        assertThat(wrong.get(0).detail()).isEqualTo("one person; fold 2, threshold 0.700");
    }

    @Test
    void aPairInWhichAFaceWasNotFoundIsWrongWhetherOfOnePersonOrOfTwo() throws Exception {
        same(0.1, 0.1, 0.1, 0.1, UNDETECTED);
        different(1.2, 1.2, 1.2, 1.2, UNDETECTED);

        Verification verification = verification(Set.of());

        assertThat(verification.report().accuracy()).isCloseTo(0.8, ROUNDING);
        assertThat(verification.report().undetected()).isEqualTo(2);
        assertThat(verification.report().undetectedPairs()).isEqualTo(2);
        assertThat(verification.errors())
                .extracting(PhotoError::kind)
                .containsExactly("undetected-pair", "undetected-pair", "undetected", "undetected");
        assertThat(verification.errors()).extracting(PhotoError::distance).containsOnly(Float.NaN);
    }

    @Test
    void pairsThatComeAsOneFoldAreDealtIntoTen() throws Exception {
        for (int i = 0; i < 20; i++) {
            same(0.1);
        }
        for (int i = 0; i < 20; i++) {
            different(1);
        }

        assertThat(verification(Set.of()).report().foldAccuracies()).hasSize(10).containsOnly(1);
    }

    @Test
    void aFoldOfWhichNoPairCountsIsNone() throws Exception {
        same(0.1);
        different(1);
        int before = photos.size();
        same(0.2, 0.2, 0.2);
        different(1, 1, 1);
        same(0.3, 0.3, 0.3);
        different(1, 1, 1);
        Set<String> people = Set.copyOf(photos.subList(before, photos.size()).stream()
                .map(photo -> photo.photo().name())
                .toList());

        Verification.Report report = verification(people).report();

        assertThat(report.foldAccuracies()).containsExactly(1, 1);
        assertThat(report.accuracy()).isEqualTo(1);
        assertThat(report.standardError()).isZero();
    }

    @Test
    void fewerThanTenPairsAreTooFew() {
        same(0.1, 0.2, 0.3, 0.4);
        different(1, 1, 1, 1, 1);

        assertThatIOException().isThrownBy(() -> verification(Set.of())).withMessageContaining("not 9");
    }

    @Test
    void aRateThatTheDataCannotSupportIsNullAndHasNoInterval() throws Exception {
        twoFolds();

        Verification.Report report = verification(Set.of()).report();

        // Of 24 photos 276 pairs, 6 of them of one person: at 1e-1 there are 27 false accepts, at 1e-2 under 5.
        assertThat(report.impostorPairs()).isEqualTo(270);
        assertThat(report.genuinePairs()).isEqualTo(6);
        assertThat(report.tarAtFar()).containsOnlyKeys("1e-1", "1e-2", "1e-3", "1e-4", "1e-5");
        assertThat(report.tarAtFar().get("1e-1")).isNotNull();
        assertThat(report.tarAtFar().get("1e-2")).isNull();
        assertThat(report.tarAtFarMeanOverPeople().get("1e-2")).isNull();
        assertThat(report.intervals())
                .containsOnlyKeys(
                        "accuracy",
                        "tarAtFar.1e-1",
                        "tarAtFarMeanOverPeople.1e-1",
                        "threshold",
                        "foldAccuracies.0",
                        "foldAccuracies.1",
                        "undetected");
    }

    @Test
    void everyFigureLiesInItsInterval() throws Exception {
        twoFolds();

        Verification.Report report = verification(Set.of()).report();

        assertThat(report.intervals().get("threshold")[0]).isLessThan(report.threshold());
        assertThat(report.intervals().get("threshold")[1]).isGreaterThan(report.threshold());
        assertThat(report.intervals().get("foldAccuracies.1")[0]).isLessThan(5 / 6.0);
        // Nothing went wrong in the first fold; of its 9 people that says at least 66 %, by the binomial distribution.
        assertThat(report.intervals().get("foldAccuracies.0"))
                .containsExactly(new double[] {Math.pow(0.025, 1 / 9.0), 1}, ROUNDING);
    }

    @Test
    void aPhotoThatCannotBeDecodedCountsInNoFigureAndNeitherDoItsPairs() throws Exception {
        twoFolds();
        Verification.Report without = verification(Set.of()).report();
        photos.add(1, SyntheticFaces.undecodable("A0", 3));
        photos.add(SyntheticFaces.undecodable("New", 1));
        lines.add(1, "A0\t1\t3");
        lines.add("A3\t1\tNew\t1");

        Verification verification = verification(Set.of());

        assertThat(verification.report().undecodablePairs()).isEqualTo(2);
        assertThat(verification.report())
                .usingRecursiveComparison()
                .ignoringFields("undecodablePairs")
                .isEqualTo(without);
        assertThat(verification.errors()).hasSize(1);
    }

    @Test
    void pairsThatAreLeftTooFewByPhotosThatCannotBeDecodedAreAnError() {
        same(0.1, 0.2, 0.3, 0.4, 0.5);
        different(1, 1, 1, 1, 1);
        photos.set(0, SyntheticFaces.undecodable("A0", 1));

        assertThatIOException().isThrownBy(() -> verification(Set.of())).withMessageContaining("not 9");
    }

    @Test
    void pairsOfOneKindOnlyFindNoThreshold() {
        same(0.1, 0.2, 0.3, 0.4, 0.5, 0.1, 0.2, 0.3, 0.4, 0.5);

        assertThatIOException()
                .isThrownBy(() -> verification(Set.of()))
                .withMessageEndingWith(
                        "pairs of one person and of two people are needed; the file has 10 of one and 0 of two");
    }

    @Test
    void theSameSeedGivesTheSameReport() throws Exception {
        twoFolds();

        assertThat(verification(Set.of()).report())
                .usingRecursiveComparison()
                .isEqualTo(verification(Set.of()).report());
    }

    @Test
    void aNetworkGainsOverAnotherWhatItAcceptsMore() throws Exception {
        Verification baseline = verification(crowd(0.5), false);

        Verification.Report report = verification(crowd(0.25), false).reportAgainst(baseline);

        Gain gain = report.gains().get("tarAtFarMeanOverPeople.1e-2");
        double tar = report.tarAtFarMeanOverPeople().get("1e-2");
        double before = baseline.report().tarAtFarMeanOverPeople().get("1e-2");
        assertThat(before).isBetween(0.1, 0.9);
        assertThat(gain.baseline()).isEqualTo(before);
        assertThat(gain.gain()).isCloseTo(tar - before, ROUNDING).isGreaterThan(0.1);
        assertThat(gain.low()).isPositive().isLessThan(gain.gain());
        assertThat(gain.high()).isGreaterThan(gain.gain()).isLessThan(1);
        assertThat(report.gains().get("accuracy").gain())
                .isCloseTo(report.accuracy() - baseline.report().accuracy(), ROUNDING);
        assertThat(report.gains()).containsKey("tarAtFar.1e-5").containsEntry("tarAtFar.1e-5", null);
    }

    @Test
    void theGainsOfTwoNetworksArePairedOverPeople() throws Exception {
        Verification.Report same = verification(crowd(0.5), false).reportAgainst(verification(crowd(0.5), false));

        // Unpaired, two bootstraps of one network differ by chance.
        assertThat(same.gains().values())
                .filteredOn(gain -> gain != null)
                .hasSizeGreaterThan(4)
                .allSatisfy(none -> assertThat(new double[] {none.gain(), none.low(), none.high()})
                        .containsOnly(0));
    }

    @Test
    void aBaselineIsOfTheSamePhotos() throws Exception {
        List<EmbeddedPhoto> crowd = crowd(0.5);
        Verification whole = verification(crowd, false);
        Verification degraded = verification(crowd, true);
        Verification fewer = verification(crowd.subList(0, crowd.size() - 1), false);

        for (Verification other : List.of(degraded, fewer)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> whole.reportAgainst(other))
                    .withMessageContaining("same photos");
        }
    }

    @Test
    void degradedProbesAreComparedWithClearSamplesToo() throws Exception {
        List<EmbeddedPhoto> crowd = crowd(0.5);

        Verification.Report report = verification(crowd, true).report();

        double amongProbes = report.tarAtFar().get("1e-2");
        double withGallery = report.clearGallery().tarAtFar().get("1e-2");
        assertThat(withGallery)
                .isEqualTo(AllPairs.withGallery(new PhotoSet(crowd)).tarAtFar()[1])
                .isGreaterThan(amongProbes)
                .isLessThan(1);
        assertThat(report.intervals()).containsKey("clearGallery.tarAtFar.1e-2");
        assertThat(verification(crowd, false).report().clearGallery()).isNull();
    }

    /** Thirty people with four photos each, whose probes stray from them so far, and their samples half as far. */
    private List<EmbeddedPhoto> crowd(double deviation) {
        Random random = new Random(7);
        List<EmbeddedPhoto> crowd = new ArrayList<>();
        lines.clear();
        for (int person = 0; person < 30; person++) {
            float[] mean = SyntheticFaces.around(new float[8], 1, random);
            for (int i = 1; i <= 4; i++) {
                EmbeddedPhoto probe =
                        SyntheticFaces.face("P" + person, i, SyntheticFaces.around(mean, deviation, random));
                crowd.add(new EmbeddedPhoto(
                        probe.photo(),
                        probe.quality(),
                        probe.probe(),
                        Embedding.ofNetworkOutput(SyntheticFaces.around(mean, deviation / 2, random))));
            }
            lines.add("P" + person + "\t1\t2");
        }
        for (int person = 0; person + 1 < 30; person++) {
            lines.add("P" + person + "\t1\tP" + (person + 1) + "\t1");
        }
        return crowd;
    }

    private Verification verification(List<EmbeddedPhoto> crowd, boolean degraded) throws Exception {
        return new Verification(crowd, Files.write(folder.resolve("pairs.txt"), lines), Set.of(), degraded, 1);
    }

    private void twoFolds() {
        same(0.2, 0.3, 0.4);
        different(1.0, 1.1, 1.2);
        same(0.5, 0.6, 0.72);
        different(0.8, 0.85, 0.9);
    }

    private void same(double... distances) {
        for (double distance : distances) {
            String name = "A" + lines.size();
            add(name, 1, name, 2, distance);
            lines.add(name + "\t1\t2");
        }
    }

    private void different(double... distances) {
        for (double distance : distances) {
            String name = "A" + lines.size();
            String other = "B" + lines.size();
            add(name, 1, other, 1, distance);
            lines.add(name + "\t1\t" + other + "\t1");
        }
    }

    private void add(String first, int firstNumber, String second, int secondNumber, double distance) {
        photos.add(SyntheticFaces.face(first, firstNumber, SyntheticFaces.axis(2, 0)));
        photos.add(
                distance == UNDETECTED
                        ? SyntheticFaces.undetected(second, secondNumber)
                        : SyntheticFaces.face(second, secondNumber, SyntheticFaces.awayFromAxis(2, 0, 1, distance)));
    }

    private Verification verification(Set<String> people) throws Exception {
        return new Verification(photos, Files.write(folder.resolve("pairs.txt"), lines), people, false, 1);
    }
}
