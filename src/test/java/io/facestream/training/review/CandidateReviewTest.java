package io.facestream.training.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.facestream.SyntheticPictures;
import io.facestream.embeddings.NoEmbeddingException;
import io.facestream.frames.Picture;
import io.facestream.models.Calibration;
import io.facestream.models.ModelMetrics.Comparison;
import io.facestream.models.ModelVersion;
import io.facestream.models.ModelVersion.Status;
import io.facestream.models.TestNetworks;
import io.facestream.models.TestVersions;
import io.facestream.networks.ComputeDevice;
import io.facestream.training.commands.Augmentation;
import io.facestream.training.commands.TrainingSettings;
import io.facestream.training.data.ChipStore;
import io.facestream.training.data.TrainingSet.Person;
import io.facestream.training.network.Architecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With two small networks: one sees the colours that tell these people apart, the other sees nothing. */
class CandidateReviewTest {
    private static final byte[] SEEING = TestNetworks.small();
    private static final byte[] BLIND = TestNetworks.constant();
    private static final byte[] NONE = {};

    /** Enough people to measure, too few to promote or calibrate. */
    private static final int FEW = 16;

    private static final ModelVersion BASE = TestVersions.version("x-1", Status.ACTIVE);

    @TempDir
    private Path scratch;

    private ChipStore chips;
    private final AtomicInteger checks = new AtomicInteger();

    @BeforeEach
    void open() throws IOException {
        chips = new ChipStore(scratch);
    }

    @AfterEach
    void close() throws IOException {
        chips.close();
    }

    @Test
    void whereNobodyWasHeldBackAPersonDecidesAndTheBasesCalibrationStands() throws IOException {
        CandidateReview.Review review = review(NONE, NONE, List.of(), true);

        assertThat(review.verdict()).isEqualTo(Gate.Verdict.MANUAL);
        assertThat(review.reason()).isEqualTo("nobody was held back, so nothing was measured");
        assertThat(review.comparisons()).isEmpty();
        assertThat(review.calibration().calibration()).isEqualTo(BASE.calibration());
        assertThat(review.calibration().threshold()).isEqualTo(BASE.threshold());
        assertThat(review.calibration().basis().remark()).startsWith("calibrated as x-1 is: 0 people were held back");
    }

    @Test
    void whereNobodyWasHeldBackANetworkFromRandomWeightsIsNotCalibrated() throws IOException {
        CandidateReview.Review review = review(NONE, NONE, List.of(), false);

        assertThat(review.verdict()).isEqualTo(Gate.Verdict.MANUAL);
        assertThat(review.calibration().calibration()).isEqualTo(Calibration.NONE);
        assertThat(review.calibration().basis().remark()).isEqualTo("not calibrated");
    }

    @Test
    void aNetworkThatTellsFewerApartThanItsBaseIsRejected() throws IOException {
        CandidateReview.Review review = review(SEEING, BLIND, people(FEW, 4), true);

        assertThat(review.verdict()).isEqualTo(Gate.Verdict.REJECTED);
        assertThat(review.reason()).contains("worse on clean photos", FEW + " people held back");
        assertThat(review.comparisons()).singleElement().satisfies(comparison -> {
            assertThat(comparison.baseTar()).isGreaterThan(0.9);
            assertThat(comparison.tar()).isLessThan(0.1);
        });
    }

    @Test
    void aNetworkThatYieldsNoEmbeddingOfSomebodyHeldBackIsRejectedAndNotAFault() throws IOException {
        CandidateReview.Review review = review(SEEING, TestNetworks.allZero(), people(FEW, 4), true);

        assertThat(review.verdict()).isEqualTo(Gate.Verdict.REJECTED);
        assertThat(review.reason())
                .startsWith("unusable: on a photo of the people held back, the network yields no valid embedding");
        assertThat(review.comparisons()).isEmpty();
        assertThat(review.calibration().calibration()).isEqualTo(BASE.calibration());
    }

    @Test
    void aBaseThatYieldsNoEmbeddingIsAFaultAndNoVerdictOnTheTrainedNetwork() throws IOException {
        List<Person> people = people(FEW, 4);

        assertThatExceptionOfType(NoEmbeddingException.class)
                .isThrownBy(() -> review(TestNetworks.allZero(), SEEING, people, true));
    }

    @Test
    void aNetworkLikeItsBaseIsForAPersonToDecide() throws IOException {
        CandidateReview.Review review = review(SEEING, SEEING, people(FEW, 4), true);

        assertThat(review.verdict()).isEqualTo(Gate.Verdict.MANUAL);
        assertThat(review.reason()).startsWith("no better than its base: clean photos");
        assertThat(review.calibration().basis().remark())
                .startsWith("calibrated as x-1 is: " + FEW + " people were held back");
    }

    @Test
    void aBetterNetworkIsForAPersonToDecideWhereFewPeopleSaySo() throws IOException {
        CandidateReview.Review review = review(BLIND, SEEING, people(FEW, 4), true);

        assertThat(review.verdict()).isEqualTo(Gate.Verdict.MANUAL);
        assertThat(review.reason()).startsWith("better on clean photos").endsWith("fewer than 50");
    }

    /** Two networks that each tell people apart may still put a person in two places. */
    @Test
    void aNetworkForFarFacesIsAlsoJudgedByFarPhotosBesideClearOnes() throws IOException {
        CandidateReview.Review review = review(SEEING, BLIND, people(FEW, 4), Augmentation.FAR_ONLY);

        assertThat(review.comparisons())
                .extracting(Comparison::photos)
                .containsExactly("clean", "far-only", "clean-and-far-only");
        assertThat(review.comparisons().get(2).baseTar()).isGreaterThan(0.5);
        assertThat(review.comparisons().get(2).tar()).isLessThan(0.1);
    }

    /** Clean under both networks, then twice from afar for the calibration. */
    @Test
    void ofAPersonWithManyPhotosTheFirstTenAreLookedAt() throws IOException {
        review(SEEING, SEEING, people(3, 12), true);

        assertThat(checks).hasValue(4 * 3 * 10);
    }

    @Test
    void aReviewEndsAtThePhotoBeforeWhichItIsCancelled() throws IOException {
        List<Person> people = people(3, 4);

        assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> new CandidateReview(ComputeDevice.CPU)
                .review(BASE, SEEING, SEEING, chips, people, settings(), true, () -> {
                    if (checks.incrementAndGet() == 5) {
                        throw new CancellationException();
                    }
                }));

        assertThat(checks).hasValue(5);
    }

    private CandidateReview.Review review(byte[] base, byte[] trained, List<Person> people, boolean fineTuned)
            throws IOException {
        return new CandidateReview(ComputeDevice.CPU)
                .review(BASE, base, trained, chips, people, settings(), fineTuned, checks::incrementAndGet);
    }

    private CandidateReview.Review review(byte[] base, byte[] trained, List<Person> people, Augmentation augmentation)
            throws IOException {
        TrainingSettings settings = TrainingSettings.defaults(Architecture.MOBILEFACENET, augmentation);
        return new CandidateReview(ComputeDevice.CPU)
                .review(BASE, base, trained, chips, people, settings, true, checks::incrementAndGet);
    }

    private static TrainingSettings settings() {
        return TrainingSettings.defaults(Architecture.MOBILEFACENET, Augmentation.NONE);
    }

    /** Each of other colours, the same ones in all photos of a person. */
    private List<Person> people(int count, int photos) throws IOException {
        List<Person> people = new ArrayList<>();
        for (int person = 0; person < count; person++) {
            List<Integer> ofOne = new ArrayList<>();
            try (Picture face = SyntheticPictures.blobs(160, 160, person)) {
                for (int photo = 0; photo < photos; photo++) {
                    ofOne.add(chips.append(face));
                }
            }
            people.add(new Person("P" + person, ofOne));
        }
        return people;
    }
}
