package io.facestream.training.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.facestream.calibration.CalibrationFit;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.models.Calibration;
import io.facestream.models.Calibration.FalseMatchRate;
import io.facestream.models.MatchProbability;
import io.facestream.models.ModelMetrics.CalibrationPoint;
import io.facestream.models.ModelVersion;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CandidateCalibrationTest {
    private static final int DIMENSIONS = 12;
    private static final MatchProbability PROBABILITY = new MatchProbability(20, 90, 30, -30, 20, -25, -8, 0.0, 0.0);

    @Test
    void theBasesOwnNetworkKeepsItsDistancesOrHasSmallerOnes() {
        List<EmbeddedPhoto> photos = photos(120, 1);
        ModelVersion base = base(calibration(1));

        CandidateCalibration fitted = CandidateCalibration.fit(base, photos, photos, List.of(photos), 1);

        assertThat(fitted.basis().points())
                .extracting(CalibrationPoint::rate)
                .containsExactlyElementsOf(CalibrationFit.RATES);
        assertThat(fitted.basis().points()).allSatisfy(point -> assertThat(point.keepingBase())
                .isCloseTo(base.calibration().distance(point.rate()), within(2e-3)));
        assertStricter(fitted);
    }

    @Test
    void aStrictBaseMakesItsCandidateAsStrict() {
        List<EmbeddedPhoto> photos = photos(120, 1);
        List<EmbeddedPhoto> halved = photos(120, 0.5);
        Calibration strict = calibration(0.6);

        CandidateCalibration fitted = CandidateCalibration.fit(base(strict), photos, halved, List.of(halved), 1);

        // They are told as distances of one photo, which are not halved quite as those of templates are.
        assertThat(fitted.calibration().falseMatchRates()).allSatisfy(rate -> assertThat(rate.distance())
                .isCloseTo(strict.distance(rate.rate()) / 2, within(0.05)));
        assertStricter(fitted);
    }

    @Test
    void aLaxBaseDoesNotMakeItsCandidateLax() {
        List<EmbeddedPhoto> photos = photos(120, 1);
        List<EmbeddedPhoto> halved = photos(120, 0.5);

        CandidateCalibration fitted =
                CandidateCalibration.fit(base(calibration(1.5)), photos, halved, List.of(halved), 1);

        assertThat(fitted.basis().points().subList(0, 5))
                .allSatisfy(point -> assertThat(point.distance()).isLessThan(point.keepingBase()));
        assertThat(fitted.calibration().falseMatchRates().get(2).distance())
                .isEqualTo(fitted.basis().points().get(2).distance());
        assertStricter(fitted);
    }

    @Test
    void aBaseThatWasNotCalibratedLeavesItToThePeopleHeldBack() {
        List<EmbeddedPhoto> photos = photos(120, 1);

        CandidateCalibration fitted =
                CandidateCalibration.fit(base(Calibration.NONE), photos, photos, List.of(photos), 1);

        assertThat(fitted.basis().points())
                .allSatisfy(point -> assertThat(point.keepingBase()).isNull());
        assertStricter(fitted);
    }

    @Test
    void farStrangersWhoComeNearerThanClearOnesMakeItStrict() {
        List<EmbeddedPhoto> photos = photos(120, 1);
        List<EmbeddedPhoto> nearer = photos(120, 0.5);

        CandidateCalibration fitted =
                CandidateCalibration.fit(base(calibration(1)), photos, photos, List.of(photos, nearer), 1);

        assertThat(fitted.basis().points())
                .allSatisfy(point -> assertThat(point.far()).isLessThan(0.75 * point.distance()));
        assertThat(fitted.calibration().falseMatchRates().get(2).distance())
                .isEqualTo(fitted.basis().points().get(2).far());
        assertStricter(fitted);
    }

    @Test
    void whatIsExtrapolatedHasAnInterval() {
        List<EmbeddedPhoto> photos = photos(120, 1);

        List<CalibrationPoint> points = CandidateCalibration.fit(
                        base(calibration(1)), photos, photos, List.of(photos), 1)
                .basis()
                .points();

        assertThat(points.get(0).low()).isNull();
        assertThat(points.subList(2, points.size())).allSatisfy(point -> {
            assertThat(point.low()).isLessThan(point.distance());
            assertThat(point.high()).isGreaterThan(point.distance());
        });
    }

    @Test
    void theThresholdIsThatOfAGalleryOf128People() {
        List<EmbeddedPhoto> photos = photos(120, 1);

        CandidateCalibration fitted =
                CandidateCalibration.fit(base(calibration(1)), photos, photos, List.of(photos), 1);

        assertThat((double) fitted.threshold())
                .isCloseTo(fitted.calibration().threshold(128, 0.005).getAsDouble(), within(1e-6));
    }

    @Test
    void theProbabilityIsFittedWhereThereAreEnoughPeopleAndElseTheBasesForTheseNorms() {
        ModelVersion base = base(calibration(1));

        CandidateCalibration many = CandidateCalibration.fit(base, photos(40, 1), photos(40, 1), List.of(), 1);
        CandidateCalibration few = CandidateCalibration.fit(base, photos(30, 1), photos(30, 1), List.of(), 1);

        MatchProbability fitted = many.calibration().probability();
        assertThat(fitted.intercept()).isNotEqualTo(PROBABILITY.intercept());
        assertThat(fitted.of(0.3, 50, 1, 20, 0.5)).isGreaterThan(0.9);
        assertThat(fitted.of(1.2, 50, 1, 20, 0.5)).isLessThan(0.1);
        assertThat(many.basis().remark()).doesNotContain("probability");
        MatchProbability carriedOver = few.calibration().probability();
        assertThat(carriedOver.intercept()).isEqualTo(PROBABILITY.intercept());
        assertThat(carriedOver.leastNorm()).isBetween(40f, 45f);
        assertThat(few.basis().remark()).endsWith("; the probability is that of mobilefacenet-1");
    }

    @Test
    void aNetworkThatNormalisesItsOutputCanBeCalibrated() {
        List<EmbeddedPhoto> photos = photos(60, 1).stream()
                .map(photo ->
                        new EmbeddedPhoto(photo.photo(), photo.quality().withNorm(1f), photo.probe(), photo.sample()))
                .toList();

        MatchProbability probability = CandidateCalibration.fit(
                        base(calibration(1)), photos, photos, List.of(photos), 1)
                .calibration()
                .probability();

        assertThat(probability.leastNorm()).isBetween(0.99f, 1f);
        assertThat(probability.of(0.3, 1, 1, 20, 0.5)).isGreaterThan(0.9);
    }

    @Test
    void withVeryFewPeopleItIsTheBases() {
        ModelVersion base = base(calibration(1));

        CandidateCalibration fitted = CandidateCalibration.fit(base, photos(19, 1), photos(19, 0.5), List.of(), 1);

        assertThat(fitted.calibration()).isEqualTo(base.calibration());
        assertThat(fitted.threshold()).isEqualTo(base.threshold());
        assertThat(fitted.basis().points()).isEmpty();
        assertThat(fitted.basis().remark())
                .isEqualTo("calibrated as mobilefacenet-1 is: 19 people were held back, fewer than 20");
    }

    @Test
    void theSameSeedGivesTheSameCalibration() {
        List<EmbeddedPhoto> photos = photos(60, 1);
        ModelVersion base = base(calibration(1));

        assertThat(CandidateCalibration.fit(base, photos, photos, List.of(photos), 7))
                .isEqualTo(CandidateCalibration.fit(base, photos, photos, List.of(photos), 7));
    }

    @Test
    void aCandidateThatTellsNobodyApartHasNoCalibration() {
        List<EmbeddedPhoto> collapsed = photos(40, 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        CandidateCalibration.fit(base(calibration(1)), photos(40, 1), collapsed, List.of(collapsed), 1))
                .withMessageContaining("all alike");
    }

    private static void assertStricter(CandidateCalibration fitted) {
        List<FalseMatchRate> rates = fitted.calibration().falseMatchRates();
        assertThat(rates).hasSizeGreaterThanOrEqualTo(5);
        for (int i = 0; i < rates.size(); i++) {
            CalibrationPoint point = fitted.basis().points().get(i);
            assertThat(rates.get(i).rate()).isEqualTo(point.rate());
            assertThat(rates.get(i).distance()).isLessThanOrEqualTo(point.distance());
            if (point.keepingBase() != null) {
                assertThat(rates.get(i).distance()).isLessThanOrEqualTo(point.keepingBase());
            }
        }
    }

    /** Near that of these photos for factor 1. */
    private static Calibration calibration(double factor) {
        return new Calibration(
                Stream.of(
                                new FalseMatchRate(1e-1, 1.15),
                                new FalseMatchRate(1e-2, 0.95),
                                new FalseMatchRate(1e-3, 0.79),
                                new FalseMatchRate(1e-4, 0.65))
                        .map(rate -> new FalseMatchRate(rate.rate(), factor * rate.distance()))
                        .toList(),
                0.03,
                PROBABILITY);
    }

    private static ModelVersion base(Calibration calibration) {
        return new ModelVersion(
                "mobilefacenet-1",
                "mobilefacenet",
                DIMENSIONS,
                112,
                true,
                ModelVersion.Status.ACTIVE,
                0.8f,
                0.05f,
                calibration,
                "00".repeat(32));
    }

    /** The same two photos of each each time, with all distances multiplied by a factor of up to 1. */
    private static List<EmbeddedPhoto> photos(int people, double factor) {
        Random random = new Random(5);
        List<EmbeddedPhoto> photos = new ArrayList<>();
        for (int person = 0; person < people; person++) {
            float[] centre = around(new float[DIMENSIONS], 1, random).vector();
            for (int number = 0; number < 2; number++) {
                Embedding embedding = squeezed(around(centre, 0.08, random), factor, 40 + 40 * random.nextFloat());
                photos.add(new EmbeddedPhoto(
                        new Photo("P" + person, Path.of("P" + person, number + ".png")),
                        new Quality(100, 500, 128, new Pose(0, 0, 0), embedding.norm()),
                        embedding,
                        embedding));
            }
        }
        return photos;
    }

    private static Embedding around(float[] mean, double deviation, Random random) {
        float[] vector = mean.clone();
        for (int d = 0; d < vector.length; d++) {
            vector[d] += (float) (deviation * random.nextGaussian());
        }
        return Embedding.ofNetworkOutput(vector);
    }

    /** With one more coordinate, in which all are equal. */
    private static Embedding squeezed(Embedding embedding, double factor, float norm) {
        float[] vector = new float[DIMENSIONS + 1];
        float[] of = embedding.vector();
        for (int d = 0; d < DIMENSIONS; d++) {
            vector[d] = (float) (factor * of[d]);
        }
        vector[DIMENSIONS] = (float) Math.sqrt(1 - factor * factor);
        return Embedding.ofUnitVector(vector, norm);
    }
}
