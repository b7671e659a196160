package io.facestream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.facestream.gallery.ModelReleases;
import io.facestream.gallery.ReembeddingProgress;
import io.facestream.models.Calibration;
import io.facestream.models.ModelCandidate;
import io.facestream.models.ModelDetails;
import io.facestream.models.ModelMetrics;
import io.facestream.models.ModelMetrics.CalibrationBasis;
import io.facestream.models.ModelMetrics.Comparison;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.ModelVersion.Status;
import io.facestream.models.ShippedModel;
import io.facestream.models.TestVersions;
import io.facestream.networks.ComputeDevice;
import io.facestream.training.Control.CancelledException;
import io.facestream.training.Control.StoppingException;
import io.facestream.training.commands.EndReason;
import io.facestream.training.commands.EpochReport;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.FineTuneBuilder;
import io.facestream.training.commands.LeaseLostException;
import io.facestream.training.commands.TrainingProgress;
import io.facestream.training.commands.TrainingProgress.Dataset;
import io.facestream.training.commands.TrainingProgress.Outcome;
import io.facestream.training.commands.TrainingProgress.Phase;
import io.facestream.training.commands.TrainingProgress.State;
import io.facestream.training.commands.TrainingSettings;
import io.facestream.training.data.ChipStore;
import io.facestream.training.data.TrainingData;
import io.facestream.training.data.TrainingSet;
import io.facestream.training.data.TrainingSet.Person;
import io.facestream.training.review.CandidateCalibration;
import io.facestream.training.review.CandidateReview;
import io.facestream.training.review.Gate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a command for every outcome of photos, training and review. All three are fakes here, and so is the
 * registry.
 */
class FineTuningTest {
    private static final UUID ID = UUID.randomUUID();
    private static final String BASE = "mobilefacenet-1";
    private static final String MADE = "mobilefacenet-2";
    private static final byte[] WEIGHTS = {1, 2, 3};

    @TempDir
    private Path scratch;

    private final MemoryCommandLog log = new MemoryCommandLog();
    private final List<TrainingProgress> told = new ArrayList<>();
    private final Control control = new Control(ID, progress -> {
        told.add(progress);
        return CompletableFuture.completedFuture(null);
    });
    private final Registry registry = new Registry();
    private final Releases releases = new Releases();
    private final Photos photos = new Photos();
    private final Epochs training = new Epochs();
    private final Review review = new Review();
    private FineTune command = new FineTuneBuilder(ID).build();

    private TrainingProgress run() throws Exception {
        return tuning().run(MemoryCommandLog.claimed(command, 1), control);
    }

    private FineTuning tuning() {
        return new FineTuning(log, photos, registry, releases, () -> review, scratch, training);
    }

    @Test
    void aNetworkThatTheGatePromotesBecomesTheActiveVersion() throws Exception {
        TrainingProgress end = run();

        assertThat(end.state()).isEqualTo(State.DONE);
        assertThat(end.outcome()).isEqualTo(Outcome.PROMOTED);
        assertThat(end.version()).isEqualTo(MADE);
        assertThat(releases.done).containsExactly("published", "completed " + MADE, "promoted " + MADE);
        assertThat(releases.published).satisfies(candidate -> {
            assertThat(candidate.parent()).isEqualTo(BASE);
            assertThat(candidate.trainingCommand()).isEqualTo(ID);
            assertThat(candidate.savedModel()).isEqualTo(WEIGHTS);
            assertThat(candidate.metrics().comparisons()).isEqualTo(review.comparisons());
            assertThat(candidate.metrics().epochs()).hasSize(2);
        });
        assertThat(told)
                .extracting(TrainingProgress::phase)
                .containsSubsequence(Phase.READING, Phase.TRAINING, Phase.COMPARING, Phase.EMBEDDING, Phase.PROMOTING);
        assertThat(training.closed).isTrue();
    }

    @Test
    void aNetworkThatTheGateLeavesToAPersonIsACandidateWithTheReason() throws Exception {
        review.verdict = Gate.Verdict.MANUAL;

        TrainingProgress end = run();

        assertThat(end.outcome()).isEqualTo(Outcome.CANDIDATE);
        assertThat(end.message()).isEqualTo(MADE + " is a candidate, not promoted: as the gate says");
        assertThat(end.comparisons()).isEqualTo(review.comparisons());
        assertThat(releases.done).containsExactly("published", "completed " + MADE);
    }

    @Test
    void aNetworkThatTheGateRejectsIsNotKept() throws Exception {
        review.verdict = Gate.Verdict.REJECTED;

        TrainingProgress end = run();

        assertThat(end.state()).isEqualTo(State.DONE);
        assertThat(end.outcome()).isEqualTo(Outcome.WORSE);
        assertThat(end.message()).isEqualTo("not kept: as the gate says");
        assertThat(end.version()).isNull();
        assertThat(end.comparisons()).isEqualTo(review.comparisons());
        assertThat(releases.done).isEmpty();
    }

    @Test
    void aCommandThatAsksForAPersonsDecisionGetsACandidateHoweverGoodItIs() throws Exception {
        command = command("manual", null, null);

        assertThat(run().message()).endsWith("is a candidate, not promoted: the command says so");
        assertThat(releases.done).doesNotContain("promoted " + MADE);
    }

    /** Without a base there is nothing to be worse than. */
    @Test
    void aNetworkFromRandomWeightsIsACandidateEvenWhereTheGateWouldRejectIt() throws Exception {
        command = command(null, "resnet50", null);
        review.verdict = Gate.Verdict.REJECTED;

        TrainingProgress end = run();

        assertThat(training.base).isEmpty();
        assertThat(review.fineTuned).isFalse();
        assertThat(end.outcome()).isEqualTo(Outcome.CANDIDATE);
        assertThat(end.message()).contains("random weights", BASE, "as the gate says");
        assertThat(releases.published.parent()).isNull();
        assertThat(releases.published.architecture()).isEqualTo("resnet50");
    }

    @Test
    void aCollapsedTrainingLeavesNothingBehind() throws Exception {
        training.end = new TrainingEnd(EndReason.COLLAPSED, "all faces lie in one place");

        TrainingProgress end = run();

        assertThat(end.outcome()).isEqualTo(Outcome.COLLAPSED);
        assertThat(end.message()).isEqualTo("all faces lie in one place; the active model is as it was");
        assertThat(review.asked).isZero();
        assertThat(releases.done).isEmpty();
    }

    @Test
    void nothingToLearnFromTheFirstEpochOnIsAnEndWithoutAVersion() throws Exception {
        training.epochs = 1;
        training.end = new TrainingEnd(EndReason.NOTHING_TO_LEARN, "1 % of the triplets violate the margin");

        assertThat(run().outcome()).isEqualTo(Outcome.NOTHING_TO_LEARN);
        assertThat(review.asked).isZero();
        assertThat(releases.done).isEmpty();
    }

    @Test
    void nothingLeftToLearnAfterTwoEpochsIsReviewedAsWhatWasLearnt() throws Exception {
        training.end = new TrainingEnd(EndReason.NOTHING_TO_LEARN, "1 % of the triplets violate the margin");

        assertThat(run().outcome()).isEqualTo(Outcome.PROMOTED);
    }

    @Test
    void aTrainingWhosePeopleWereErasedMeanwhileKeepsNothing() {
        log.erase(2);

        assertThatIllegalArgumentException()
                .isThrownBy(this::run)
                .withMessage(
                        "2 of the people trained on were erased meanwhile: what was learnt is not kept; train again");
        assertThat(releases.done).isEmpty();
        assertThat(training.closed).isTrue();
    }

    @Test
    void whoIsTrainedOnIsNotedBeforeTheFirstEpochAndWhoIsHeldBackIsNot() throws Exception {
        training.beforeEpoch = () -> assertThat(log.trainedOn).containsExactly("Ada", "Bob");

        run();

        assertThat(log.trainedOn).containsExactly("Ada", "Bob");
    }

    @Test
    void aCancelDuringAnEpochEndsItAtTheNextStepWithoutACheckpointOfIt() {
        training.beforeStep = (epoch, step) -> {
            if (epoch == 2 && step == 1) {
                control.cancel();
            }
        };

        assertThatExceptionOfType(CancelledException.class).isThrownBy(this::run);

        assertThat(training.steps).containsExactly("1/1", "1/2", "2/1");
        assertThat(log.history).containsExactly("checkpoint 1");
        assertThat(training.closed).isTrue();
        assertThat(releases.done).isEmpty();
    }

    @Test
    void aCancelThatComesAfterTheLastEpochIsHeardBeforeAVersionIsMade() {
        log.requestCancel();

        assertThatExceptionOfType(CancelledException.class).isThrownBy(this::run);
        assertThat(releases.done).isEmpty();
    }

    @Test
    void aCancelThatComesAfterTheVersionWasMadeIsHeardBeforeItIsPromoted() {
        releases.afterPublishing = log::requestCancel;

        assertThatExceptionOfType(CancelledException.class).isThrownBy(this::run);
        assertThat(releases.done).containsExactly("published", "completed " + MADE);
    }

    @Test
    void whoeverHasLostTheLeaseMakesNoVersion() {
        review.meanwhile = () -> log.loseLease(ID);

        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(this::run);
        assertThat(releases.done).isEmpty();
    }

    @Test
    void aWorkerThatStopsWhilePhotosAreReadTrainsNothing() {
        photos.meanwhile = control::stop;

        assertThatExceptionOfType(StoppingException.class).isThrownBy(this::run);
        assertThat(training.steps).isEmpty();
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void aRunGoesOnAfterTheEpochOfItsCheckpoint() throws Exception {
        ModelMetrics.Epoch first = new ModelMetrics.Epoch(1, 0.7, 0.5, 0.3, 1.1, null, 90, null, null);
        ModelMetrics.Epoch notInTheCheckpoint = new ModelMetrics.Epoch(2, 0.6, 0.5, 0.3, 1.1, null, 90, null, null);
        log.keep(new byte[] {1}, List.of(first, notInTheCheckpoint));

        run();

        assertThat(training.steps).containsExactly("2/1", "2/2");
        assertThat(told).extracting(TrainingProgress::message).contains("goes on after epoch 1");
        assertThat(releases.published.metrics().epochs())
                .hasSize(2)
                .startsWith(first)
                .doesNotContain(notInTheCheckpoint);
    }

    @Test
    void aCheckpointThatCannotBeReadIsToldAndTheRunBeginsAgain() throws Exception {
        log.keep(new byte[] {-1}, List.of());

        assertThat(run().outcome()).isEqualTo(Outcome.PROMOTED);

        assertThat(training.steps).startsWith("1/1");
        assertThat(told).extracting(TrainingProgress::message).contains("begins again: the checkpoint is damaged");
    }

    @Test
    void aCommandThatHasMadeItsVersionBeforeACrashTrainsNoSecondOne() throws Exception {
        registry.add(MADE, Status.CANDIDATE, BASE);

        assertThat(run().outcome()).isEqualTo(Outcome.PROMOTED);

        assertThat(training.steps).isEmpty();
        assertThat(releases.done).containsExactly("completed " + MADE, "promoted " + MADE);
    }

    @Test
    void aCandidateIsNotPromotedOverAVersionThatItWasNotComparedWith() throws Exception {
        registry.add(MADE, Status.CANDIDATE, BASE);
        registry.add("other-1", Status.ACTIVE, null);

        TrainingProgress end = run();

        assertThat(end.outcome()).isEqualTo(Outcome.CANDIDATE);
        assertThat(end.message()).endsWith("other-1 is active, with which it was not compared");
        assertThat(releases.done).containsExactly("completed " + MADE);
    }

    @Test
    void aVersionThatIsActiveOrStandbyByNowIsTheCommandsEnd() throws Exception {
        registry.add(MADE, Status.ACTIVE, BASE);
        assertThat(run().outcome()).isEqualTo(Outcome.PROMOTED);

        registry.add(MADE, Status.STANDBY, BASE);
        TrainingProgress standby = run();

        assertThat(standby.outcome()).isEqualTo(Outcome.CANDIDATE);
        assertThat(standby.message()).isEqualTo(MADE + " was promoted, and is standby now");
        assertThat(releases.done).isEmpty();
    }

    @Test
    void aVersionThatWasRetiredMeanwhileFailsTheCommandAndAnErasureIsNamedAsTheReason() {
        registry.add(MADE, Status.RETIRED, BASE);
        assertThatIllegalStateException().isThrownBy(this::run).withMessage(MADE + " was retired meanwhile");

        log.erase(1);

        assertThatIllegalArgumentException()
                .isThrownBy(this::run)
                .withMessageStartingWith("1 of the people trained on");
    }

    @Test
    void aBaseThatHasLearntFromErasedPeopleIsRefusedBeforeAPhotoIsRead() {
        registry.erased = 3;

        assertThatIllegalArgumentException()
                .isThrownBy(this::run)
                .withMessageContaining("the base " + BASE + " has learnt from 3 people who were erased since");
        assertThat(told).isEmpty();
    }

    @Test
    void aTeacherIsAVersionOfTheRegistryOrThePairThatShips() throws Exception {
        command = new FineTuneBuilder(ID).teacher(ShippedModel.PAIR).build();
        run();
        assertThat(training.teacher)
                .hasValueSatisfying(weights -> assertThat(weights).isEqualTo(ShippedModel.pairWeights()));

        command = new FineTuneBuilder(ID).teacher(BASE).build();
        registry.versions.remove(MADE);
        registry.add(BASE, Status.ACTIVE, null);
        run();
        assertThat(training.teacher).hasValue(new byte[] {9});
        assertThat(training.base).hasValue(new byte[] {9});

        command = new FineTuneBuilder(ID).teacher("nowhere-9").build();
        registry.versions.remove(MADE);
        registry.add(BASE, Status.ACTIVE, null);
        assertThatIllegalArgumentException()
                .isThrownBy(this::run)
                .withMessage("there is no model version nowhere-9 to be the teacher");
    }

    @Test
    void aTeacherThatIsRetiredIsRefused() {
        registry.add("mobilefacenet-7", Status.RETIRED, null);
        command = new FineTuneBuilder(ID).teacher("mobilefacenet-7").build();

        assertThatIllegalArgumentException()
                .isThrownBy(this::run)
                .withMessageStartingWith("the teacher mobilefacenet-7 is retired");
    }

    @Test
    void withoutATeacherNobodyTeaches() throws Exception {
        run();

        assertThat(training.teacher).isEmpty();
    }

    @Test
    void aBaseThatDoesNotExistOrIsOfAnotherArchitectureIsRefusedByName() {
        command = command(null, null, "nowhere-9");
        assertThatIllegalArgumentException().isThrownBy(this::run).withMessage("there is no model version nowhere-9");

        log.note(BASE);
        command = command(null, "resnet50", BASE);

        assertThatIllegalArgumentException()
                .isThrownBy(this::run)
                .withMessage("the base " + BASE + " is a mobilefacenet, and no resnet50");
    }

    /** Another version may be active when the command is claimed for the second time. */
    @Test
    void theBaseIsTheOneThatWasActiveWhenTheCommandWasFirstTakenUp() throws Exception {
        log.note(BASE);
        registry.add("other-1", Status.ACTIVE, null);

        TrainingProgress end = run();

        assertThat(review.base.version()).isEqualTo(BASE);
        assertThat(end.message()).endsWith("other-1 is active, with which it was not compared");
    }

    @Test
    void tooFewPeopleToPromoteByThemselvesAreToldBeforeTheTrainingAndNotAfterIt() throws Exception {
        photos.heldBackPeople = Gate.LEAST_PEOPLE - 1;
        run();
        assertThat(remarks())
                .containsExactly(
                        "fewer than 50 people can be held back, so the new version will not be promoted by itself");
    }

    @Test
    void enoughPeopleOrACommandThatDoesNotWantItGetNoSuchRemark() throws Exception {
        photos.heldBackPeople = Gate.LEAST_PEOPLE;
        run();
        photos.heldBackPeople = 0;
        command = command("manual", null, null);
        registry.versions.remove(MADE);
        registry.add(BASE, Status.ACTIVE, null);
        run();

        assertThat(remarks()).hasSize(2).containsOnlyNulls();
    }

    private List<String> remarks() {
        return told.stream()
                .filter(progress -> progress.dataset() != null)
                .map(TrainingProgress::message)
                .toList();
    }

    @Test
    void aCancelledCommandsCandidateIsRetiredAndAnActiveVersionIsNot() throws Exception {
        registry.add(MADE, Status.CANDIDATE, BASE);
        tuning().discard(command);
        assertThat(releases.done).containsExactly("retired " + MADE);

        registry.add(MADE, Status.ACTIVE, BASE);
        tuning().discard(command);
        registry.versions.remove(MADE);
        tuning().discard(command);

        assertThat(releases.done).hasSize(1);
    }

    private static FineTune command(String promote, String architecture, String base) {
        return new FineTuneBuilder(ID)
                .promote(promote)
                .architecture(architecture)
                .base(base)
                .build();
    }

    /** The versions: the base is active until another is. */
    private static final class Registry extends ModelRegistry {
        final Map<String, ModelDetails> versions = new HashMap<>();
        long erased;

        Registry() {
            super(null);
            add(BASE, Status.ACTIVE, null);
        }

        void add(String name, Status status, String parent) {
            if (status == Status.ACTIVE) {
                versions.replaceAll((known, details) -> details.version().status() == Status.ACTIVE
                        ? details(known, Status.STANDBY, details.parent())
                        : details);
            }
            versions.put(name, details(name, status, parent));
        }

        private static ModelDetails details(String name, Status status, String parent) {
            return new ModelDetails(
                    TestVersions.version(name, status),
                    parent,
                    null,
                    ID,
                    Instant.EPOCH,
                    null,
                    null,
                    false,
                    3,
                    0,
                    0,
                    new ModelMetrics(List.of(), COMPARISONS, null));
        }

        @Override
        public ModelVersion active() {
            return versions.values().stream()
                    .map(ModelDetails::version)
                    .filter(version -> version.status() == Status.ACTIVE)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public Optional<ModelVersion> find(String version) {
            return Optional.ofNullable(versions.get(version)).map(ModelDetails::version);
        }

        @Override
        public Optional<ModelVersion> ofTrainingCommand(UUID command) {
            return find(MADE);
        }

        @Override
        public ModelDetails require(String version) {
            return Optional.ofNullable(versions.get(version)).orElseThrow();
        }

        @Override
        public byte[] weights(ModelVersion version) {
            return new byte[] {9};
        }

        @Override
        public long erasedSince(ModelVersion version) {
            return erased;
        }
    }

    private static final List<Comparison> COMPARISONS =
            List.of(new Comparison("clean", 0.01, 0.9, 0.95, 0.01, 0.09, List.of(), List.of()));

    /** Publishing and switching, of a gallery with one photo. */
    private final class Releases extends ModelReleases {
        final List<String> done = new ArrayList<>();
        ModelCandidate published;
        Runnable afterPublishing = () -> {};

        Releases() {
            super(null, ComputeDevice.CPU, null);
        }

        @Override
        public ModelVersion publish(ModelCandidate candidate, ReembeddingProgress progress) {
            progress.embedded(0, 1);
            published = candidate;
            done.add("published");
            registry.add(MADE, Status.CANDIDATE, candidate.parent());
            afterPublishing.run();
            return registry.require(MADE).version();
        }

        @Override
        public void complete(ModelVersion version, ReembeddingProgress progress) {
            progress.embedded(1, 1);
            done.add("completed " + version.version());
        }

        @Override
        public ModelVersion promote(String version, ReembeddingProgress progress) {
            progress.embedded(1, 1);
            done.add("promoted " + version);
            registry.add(version, Status.ACTIVE, BASE);
            return registry.active();
        }

        @Override
        public void retire(String version) {
            done.add("retired " + version);
        }
    }

    /** Two people to train on and one held back. */
    private static final class Photos extends TrainingData {
        int heldBackPeople = 1;
        Runnable meanwhile = () -> {};

        Photos() {
            super(null, null, null, 100);
        }

        @Override
        public Read read(
                FineTune command,
                Map<String, Map<Integer, Long>> ends,
                Instant commandAt,
                ChipStore chips,
                IntConsumer progress) {
            meanwhile.run();
            progress.accept(6);
            return new Read(
                    new TrainingSet(
                            List.of(new Person("Ada", List.of(0, 1)), new Person("Bob", List.of(2, 3))),
                            List.of(new Person("Eve", List.of(4, 5)))),
                    new Dataset(4, 2, 2, heldBackPeople, Map.of()));
        }
    }

    /** A training of two epochs of two steps, unless told otherwise. */
    private static final class Epochs implements Training, Training.Start {
        private static final int STEPS = 2;

        interface Watch {
            void at(int epoch, int step);
        }

        final List<String> steps = new ArrayList<>();
        int epochs = 2;
        TrainingEnd end = new TrainingEnd(EndReason.EPOCHS, "all epochs are done");
        Runnable beforeEpoch = () -> {};
        Watch beforeStep = (epoch, step) -> {};
        Optional<byte[]> base;
        Optional<byte[]> teacher;
        boolean closed;
        private int done;

        @Override
        public Training begin(
                TrainingSettings settings,
                Optional<byte[]> weights,
                Optional<byte[]> taughtBy,
                ChipStore chips,
                TrainingSet set) {
            base = weights;
            teacher = taughtBy;
            done = 0;
            return this;
        }

        @Override
        public void resume(byte[] checkpoint) {
            if (checkpoint[0] < 0) {
                throw new IllegalArgumentException("the checkpoint is damaged");
            }
            done = checkpoint[0];
        }

        @Override
        public byte[] checkpoint() {
            return new byte[] {(byte) done};
        }

        @Override
        public int epochsDone() {
            return done;
        }

        @Override
        public Optional<TrainingEnd> end() {
            return done < epochs ? Optional.empty() : Optional.of(end);
        }

        @Override
        public Optional<EpochReport> runEpoch(Training.Listener listener) {
            beforeEpoch.run();
            for (int step = 1; step <= STEPS; step++) {
                steps.add((done + 1) + "/" + step);
                beforeStep.at(done + 1, step);
                listener.step(step, STEPS, 0.5);
            }
            done++;
            return Optional.of(new EpochReport(
                    done,
                    (long) done * STEPS,
                    0.5,
                    0.4,
                    0.3,
                    0.2,
                    1.1,
                    OptionalDouble.empty(),
                    100,
                    0.9,
                    Optional.empty()));
        }

        @Override
        public byte[] savedModel() {
            return WEIGHTS;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** A review that comes to the verdict that a test asks for. */
    private static final class Review extends CandidateReview {
        Gate.Verdict verdict = Gate.Verdict.PROMOTED;
        Runnable meanwhile = () -> {};
        int asked;
        ModelVersion base;
        boolean fineTuned;

        Review() {
            super(ComputeDevice.CPU);
        }

        List<Comparison> comparisons() {
            return COMPARISONS;
        }

        @Override
        public CandidateReview.Review review(
                ModelVersion ofBase,
                byte[] baseWeights,
                byte[] trained,
                ChipStore chips,
                List<Person> heldBack,
                TrainingSettings settings,
                boolean began,
                Runnable check) {
            asked++;
            base = ofBase;
            fineTuned = began;
            meanwhile.run();
            check.run();
            return new CandidateReview.Review(
                    verdict,
                    "as the gate says",
                    COMPARISONS,
                    new CandidateCalibration(Calibration.NONE, 1, new CalibrationBasis("as its base is", List.of())));
        }
    }
}
