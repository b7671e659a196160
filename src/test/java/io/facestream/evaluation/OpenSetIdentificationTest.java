package io.facestream.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facestream.evaluation.OpenSetIdentification.Growth;
import io.facestream.gallery.GalleryState;
import io.facestream.identities.Decider;
import io.facestream.identities.MatchingConfig;
import io.facestream.models.Calibration;
import io.facestream.models.MatchProbability;
import io.facestream.models.ModelVersion;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.PhotoError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class OpenSetIdentificationTest {
    private static final int DIMENSIONS = 12;
    private static final Offset<Double> ROUNDING = within(1e-6);

    private final List<EmbeddedPhoto> people = new ArrayList<>();
    private final List<EmbeddedPhoto> strangers = new ArrayList<>();

    @Test
    void ofSixProbesThreeAreNamedTwoAreTwinsAndOneWasNotFound() {
        sixPeople();
        strangers.add(face("far", 1, 7));

        OpenSetIdentification.Report report = report();

        assertThat(report.people()).isEqualTo(6);
        assertThat(report.probes()).isEqualTo(6);
        assertThat(report.undetectedPhotosOfPeople()).isEqualTo(1);
        assertThat(report.fnir()).isCloseTo(3 / 6.0, ROUNDING);
        assertThat(report.ambiguous()).isCloseTo(2 / 6.0, ROUNDING);
        assertThat(report.rank1()).isCloseTo(5 / 6.0, ROUNDING);
        assertThat(report.threshold()).isCloseTo(1, ROUNDING);
        assertThat(report.separation()).isCloseTo(0.25, ROUNDING);
        assertThat(report.probability()).isNull();
    }

    @Test
    void ofThreeStrangersOneIsNamedOneIsLikeTwinsAndOneWhoWasNotFoundIsNoSearch() {
        sixPeople();
        strangers.add(face("far", 1, 7));
        strangers.add(face("like A", 1, 0));
        strangers.add(face("like twins", 1, 3));
        strangers.add(SyntheticFaces.undetected("unseen", 1));

        OpenSetIdentification identification = identification();

        assertThat(identification.report().strangers()).isEqualTo(4);
        assertThat(identification.report().strangerPeople()).isEqualTo(4);
        assertThat(identification.report().undetectedPhotosOfStrangers()).isEqualTo(1);
        assertThat(identification.report().fpir()).isCloseTo(1 / 3.0, ROUNDING);
        assertThat(identification.report().ambiguousStrangers()).isCloseTo(1 / 3.0, ROUNDING);
        List<PhotoError> errors = identification.errors();
        assertThat(of("false-positive", errors)).singleElement().satisfies(error -> {
            assertThat(error.photo().photo()).isEqualTo(SyntheticFaces.photo("like A", 1));
            assertThat(error.other().photo().name()).isEqualTo("A");
            assertThat(error.detail()).endsWith("in 20 of 20 drawings");
        });
        // D and E in both photos, each as the other or as itself; nobody takes the stranger for an error who names
        // nobody.
        assertThat(of("ambiguous", errors))
                .extracting(error -> error.photo().photo().name())
                .contains("D", "E");
        assertThat(of("undetected", errors))
                .extracting(error -> error.photo().photo())
                .containsExactly(SyntheticFaces.photo("F", 2), SyntheticFaces.photo("unseen", 1));
    }

    @Test
    void aProbeThatNamesSomebodyElseIsAMissAndAFalseMatch() {
        add("A", 0, 0);
        // One photo of B is labelled wrongly: it shows A.
        people.add(face("B", 1, 1));
        people.add(face("B", 2, 0));
        strangers.add(face("far", 1, 7));

        OpenSetIdentification.Report report = report();

        // A's probe is B's twin where B's second photo is enrolled; B's probe is never named right.
        assertThat(report.fnir()).isBetween(0.5, 1.0);
        assertThat(report.rank1()).isLessThan(1);
        assertThat(report.fpir()).isZero();
        assertThat(of("wrong-name", identification().errors())).singleElement().satisfies(error -> {
            assertThat(error.photo().photo()).isEqualTo(SyntheticFaces.photo("B", 2));
            assertThat(error.other().photo().name()).isEqualTo("A");
        });
    }

    @Test
    void atFpirOnePercentTheSixthOfFiveHundredStrangersBoundsTheThreshold() {
        double[] distances = {0, 0.3, 0.7, 0.8};
        for (int person = 0; person < distances.length; person++) {
            add("P" + person, person, distances[person]);
        }
        for (int i = 0; i < 500; i++) {
            double distance = i < 6 ? 0.1 * (i + 1) : 1.2;
            strangers.add(
                    SyntheticFaces.face("stranger " + i, 1, SyntheticFaces.awayFromAxis(DIMENSIONS, 0, 5, distance)));
        }

        OpenSetIdentification.Report report = report();

        // The sixth is at 0.6: two of four probes are nearer.
        assertThat(report.fnirAtFpir().get("1e-2")).isCloseTo(0.5, ROUNDING);
        assertThat(report.fnirAtFpir()).containsEntry("1e-3", null);
        assertThat(report.intervals()).containsKey("fnirAtFpir.1e-2").doesNotContainKey("fnirAtFpir.1e-3");
        assertThat(report.fnir()).isZero();
        assertThat(report.fpir()).isCloseTo(6 / 500.0, ROUNDING);
        assertThat(report.det().get(0)).isEqualTo(new DetPoint(0.01, 0.5));
        assertThat(report.intervals())
                .containsKeys("det.0.01", "det.0.5", "galleryGrowth.4.fnirAtFpir1e2", "rejectedByNorm.0.0.random");
        assertThat(report.intervals().get("det.0.01")[0]).isLessThan(0.5);
        assertThat(report.intervals().get("det.0.01")[1]).isGreaterThan(0.5);
        assertThat(report.det()).extracting(DetPoint::fpir).containsExactly(0.01, 0.02, 0.05, 0.1, 0.2, 0.5);
        assertThat(report.galleryGrowth()).extracting(Growth::people).containsExactly(1, 2, 4);
        assertThat(report.galleryGrowth().get(2).fnirAtFpir1e2()).isCloseTo(0.5, ROUNDING);
        assertThat(report.galleryGrowth().get(2).fpir()).isCloseTo(6 / 500.0, ROUNDING);
    }

    @Test
    void underFiveExpectedFalsePositivesThereIsNoFigure() {
        add("A", 0, 0);
        add("B", 1, 0);
        for (int i = 0; i < 499; i++) {
            strangers.add(face("stranger " + i % 50, i, 7));
        }
        strangers.add(SyntheticFaces.undetected("unseen", 1));

        OpenSetIdentification.Report report = report();

        assertThat(report.strangers()).isEqualTo(500);
        assertThat(report.fnirAtFpir()).containsEntry("1e-2", null).containsEntry("1e-3", null);
        assertThat(report.intervals())
                .doesNotContainKeys("fnirAtFpir.1e-2", "fnirAtFpir.1e-3", "det.0.01", "galleryGrowth.2.fnirAtFpir1e2")
                .containsKeys(
                        "fnir",
                        "fpir",
                        "ambiguous",
                        "rank1",
                        "ambiguousStrangers",
                        "undetectedPhotosOfPeople",
                        "undetectedPhotosOfStrangers",
                        "galleryGrowth.1.fnir",
                        "galleryGrowth.1.fpir",
                        "galleryGrowth.2.fnir",
                        "galleryGrowth.2.fpir");
        assertThat(report.intervals().get("undetectedPhotosOfStrangers")[1]).isPositive();
        assertThat(report.rejectedByNorm()).isEmpty();
    }

    @Test
    void aCalibratedVersionsProbabilitiesAreJudged() {
        add("A", 0, 0);
        add("B", 1, 0);
        strangers.add(face("far", 1, 7));
        strangers.add(face("far", 2, 8));
        MatchProbability onlyBayes = new MatchProbability(1, 20, 0, 0, 0, 0, 0, 0.0, 0.0);

        OpenSetIdentification.Report report =
                identification(1, new Calibration(List.of(), 0.0, onlyBayes)).report();

        // Two probes and two strangers in each of 20 drawings, odds of 1 / 2: a third for every one.
        assertThat(report.probability().searches()).isEqualTo(80);
        assertThat(report.probability().brier()).isCloseTo((4 / 9.0 + 1 / 9.0) / 2, ROUNDING);
        assertThat(report.probability().logLoss()).isCloseTo(-(Math.log(1 / 3.0) + Math.log(2 / 3.0)) / 2, ROUNDING);
    }

    @Test
    void theSameSeedGivesTheSameReportAndAnotherDrawsOthers() {
        for (int person = 0; person < 6; person++) {
            for (int number = 1; number <= 4; number++) {
                people.add(SyntheticFaces.face(
                        "P" + person,
                        number,
                        SyntheticFaces.awayFromAxis(DIMENSIONS, person, 6 + person, 0.4 * number)));
            }
        }
        strangers.add(face("far", 1, 7));

        OpenSetIdentification.Report report =
                identification(1, Calibration.NONE).report();

        assertThat(identification(1, Calibration.NONE).report())
                .usingRecursiveComparison()
                .isEqualTo(report);
        assertThat(identification(2, Calibration.NONE).report().fnir()).isNotEqualTo(report.fnir());
    }

    @Test
    void aProbeTooFarFromItsOwnTemplateIsShownBesideItsOwnPerson() {
        add("A", 0, 1.3);
        add("B", 1, 0);
        strangers.add(face("far", 1, 7));

        assertThat(of("missed", identification().errors())).isNotEmpty().allSatisfy(error -> {
            assertThat(error.photo().photo().name()).isEqualTo("A");
            assertThat(error.other().photo().name()).isEqualTo("A");
            assertThat(error.other().photo()).isNotEqualTo(error.photo().photo());
            assertThat((double) error.distance()).isCloseTo(1.3, within(1e-4));
        });
    }

    private static List<PhotoError> of(String kind, List<PhotoError> errors) {
        return errors.stream().filter(error -> error.kind().equals(kind)).toList();
    }

    /** A, B and C are themselves in both photos, D and E are nearly the same, and of F one photo shows no face. */
    private void sixPeople() {
        add("A", 0, 0);
        add("B", 1, 0);
        add("C", 2, 0);
        add("D", 3, 0);
        people.add(SyntheticFaces.face("E", 1, SyntheticFaces.awayFromAxis(DIMENSIONS, 3, 4, 0.1)));
        people.add(SyntheticFaces.face("E", 2, SyntheticFaces.awayFromAxis(DIMENSIONS, 3, 4, 0.1)));
        people.add(face("F", 1, 5));
        people.add(SyntheticFaces.undetected("F", 2));
    }

    /** Two photos at a distance from each other, and at right angles to everybody else's. */
    private void add(String name, int axis, double distance) {
        people.add(face(name, 1, axis));
        people.add(SyntheticFaces.face(
                name, 2, SyntheticFaces.awayFromAxis(DIMENSIONS, axis, DIMENSIONS - 1 - axis, distance)));
    }

    private static EmbeddedPhoto face(String name, int number, int axis) {
        return SyntheticFaces.face(name, number, SyntheticFaces.axis(DIMENSIONS, axis));
    }

    private OpenSetIdentification.Report report() {
        return identification().report();
    }

    private OpenSetIdentification identification() {
        return identification(1, Calibration.NONE);
    }

    private OpenSetIdentification identification(long seed, Calibration calibration) {
        ModelVersion version = new ModelVersion(
                "test-1",
                "test",
                DIMENSIONS,
                112,
                false,
                ModelVersion.Status.ACTIVE,
                1,
                0.25f,
                calibration,
                "0".repeat(64));
        return new OpenSetIdentification(
                people,
                strangers,
                1,
                seed,
                templates -> new Decider(version, new GalleryState(0, templates, 0), new Config()),
                calibration);
    }

    private record Config() implements MatchingConfig {
        @Override
        public Duration recordCpuLimit() {
            return Duration.ofSeconds(30);
        }

        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public int loops() {
            return 1;
        }

        @Override
        public int maxPollRecords() {
            return 1;
        }

        @Override
        public double targetFpir() {
            return 0.005;
        }

        @Override
        public Optional<Float> threshold() {
            return Optional.empty();
        }

        @Override
        public Optional<Float> separation() {
            return Optional.empty();
        }

        @Override
        public double strangerShare() {
            return 0.5;
        }

        @Override
        public float minFaceSize() {
            return 20;
        }

        @Override
        public float minSharpness() {
            return 0;
        }

        @Override
        public Optional<Float> minNorm() {
            return Optional.empty();
        }

        @Override
        public int candidates() {
            return 2;
        }

        @Override
        public Duration recallInterval() {
            return Duration.ofMinutes(1);
        }
    }
}
