package io.facestream.training;

import io.facestream.gallery.ModelReleases;
import io.facestream.gallery.ReembeddingProgress;
import io.facestream.models.ModelCandidate;
import io.facestream.models.ModelDetails;
import io.facestream.models.ModelMetrics;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.training.commands.CommandLog;
import io.facestream.training.commands.CommandLog.Claimed;
import io.facestream.training.commands.EndReason;
import io.facestream.training.commands.EpochReport;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.PromotionPolicy;
import io.facestream.training.commands.TrainingCommand;
import io.facestream.training.commands.TrainingProgress;
import io.facestream.training.commands.TrainingProgress.Epoch;
import io.facestream.training.commands.TrainingProgress.Outcome;
import io.facestream.training.commands.TrainingProgress.Phase;
import io.facestream.training.commands.TrainingProgress.State;
import io.facestream.training.commands.TrainingProgress.Step;
import io.facestream.training.commands.TrainingSettings;
import io.facestream.training.data.ChipStore;
import io.facestream.training.data.TrainingData;
import io.facestream.training.data.TrainingSet;
import io.facestream.training.network.NetworkGraph;
import io.facestream.training.review.CandidateReview;
import io.facestream.training.review.Gate;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A fine-tuning from command to model version. Interrupted, it continues from the last checkpoint or the candidate.
 *
 * <pre>
 *  read photos -> train, a checkpoint an epoch -> compare with the base on the people held back
 *       -> worse: end.  else: candidate -> embed the gallery under it -> promote, unless a person is to
 * </pre>
 */
class FineTuning {
    /** Interval of reports within an epoch. */
    private static final Duration STEP_REPORTS = Duration.ofSeconds(5);

    /** Interval of reports while photos are read. */
    private static final Duration READING_REPORTS = Duration.ofSeconds(30);

    private final CommandLog log;
    private final TrainingData data;
    private final ModelRegistry registry;
    private final ModelReleases releases;
    private final Supplier<CandidateReview> reviews;
    private final Path scratch;
    private final Training.Start trainings;

    /** @param trainings starts one */
    FineTuning(
            CommandLog log,
            TrainingData data,
            ModelRegistry registry,
            ModelReleases releases,
            Supplier<CandidateReview> reviews,
            Path scratch,
            Training.Start trainings) {
        this.log = log;
        this.data = data;
        this.registry = registry;
        this.releases = releases;
        this.reviews = reviews;
        this.scratch = scratch;
        this.trainings = trainings;
    }

    /**
     * Runs a command to its end.
     *
     * @return the terminal message
     * @throws IllegalArgumentException if the command asks for something impossible
     * @throws IOException if photos cannot be read, or the scratch folder is full
     */
    TrainingProgress run(Claimed claimed, Control control) throws IOException, SQLException {
        FineTune command = (FineTune) claimed.command();
        Optional<ModelVersion> made = registry.ofTrainingCommand(command.commandId());
        if (made.isPresent()) {
            return release(command, control);
        }
        Ancestors ancestors = Ancestors.of(command, log, registry);
        TrainingSettings settings = command.settings(ancestors.architecture());
        try (ChipStore chips = new ChipStore(scratch)) {
            TrainingData.Read read = read(claimed, command, chips, control);
            try (Training trainer =
                    trainings.begin(settings, ancestors.start(), ancestors.teacher(), chips, read.set())) {
                List<ModelMetrics.Epoch> epochs = train(command, trainer, settings, control);
                TrainingEnd end = trainer.end().orElseThrow();
                if (end.reason() == EndReason.COLLAPSED) {
                    return nothingMade(
                            command, Outcome.COLLAPSED, end.message() + "; the active model is as it was", null);
                }
                if (end.reason() == EndReason.NOTHING_TO_LEARN && epochs.size() == 1) {
                    return nothingMade(command, Outcome.NOTHING_TO_LEARN, end.message(), null);
                }
                byte[] weights = trainer.savedModel();
                control.publish(TrainingProgress.running(command, Phase.COMPARING, end.message()));
                CandidateReview.Review review = reviews.get()
                        .review(
                                ancestors.base(),
                                ancestors.weights(),
                                weights,
                                chips,
                                read.set().validation(),
                                settings,
                                ancestors.start().isPresent(),
                                control::check);
                if (ancestors.start().isPresent() && review.verdict() == Gate.Verdict.REJECTED) {
                    return nothingMade(command, Outcome.WORSE, "not kept: " + review.reason(), review.comparisons());
                }
                control.publish(TrainingProgress.running(
                        command, Phase.COMPARING, review.calibration().basis().remark()));
                log.object(command.commandId(), objection(command, ancestors, review));
                requireNobodyErased(command);
                keep(control);
                ModelCandidate candidate = new ModelCandidate(
                        settings.architecture().label(),
                        NetworkGraph.INPUT_SIDE,
                        ancestors.base().mirrorAveraging(),
                        review.calibration().threshold(),
                        ancestors.base().separation(),
                        review.calibration().calibration(),
                        new ModelMetrics(
                                epochs,
                                review.comparisons(),
                                review.calibration().basis()),
                        ancestors.start().isPresent() ? ancestors.base().version() : null,
                        command.commandId(),
                        weights);
                releases.publish(candidate, embedding(command, control, Phase.EMBEDDING));
                return release(command, control);
            }
        }
    }

    private TrainingData.Read read(Claimed claimed, FineTune command, ChipStore chips, Control control)
            throws IOException, SQLException {
        control.publish(TrainingProgress.running(command, Phase.READING, "reading labelled faces"));
        long[] told = {System.nanoTime()};
        TrainingData.Read read = data.read(command, claimed.ends(), claimed.createdAt(), chips, photos -> {
            control.check();
            if (System.nanoTime() - told[0] > READING_REPORTS.toNanos()) {
                told[0] = System.nanoTime();
                control.publish(TrainingProgress.running(command, Phase.READING, photos + " photos so far"));
            }
        });
        log.trainedOn(
                command.commandId(),
                read.set().training().stream().map(TrainingSet.Person::name).toList());
        String remark =
                read.dataset().heldBackPeople() < Gate.LEAST_PEOPLE && command.promotion() == PromotionPolicy.AUTO
                        ? "fewer than " + Gate.LEAST_PEOPLE
                                + " people can be held back, so the new version will not be promoted by itself"
                        : null;
        control.publish(TrainingProgress.running(command, Phase.READING, remark).with(read.dataset()));
        return read;
    }

    private List<ModelMetrics.Epoch> train(
            FineTune command, Training trainer, TrainingSettings settings, Control control)
            throws IOException, SQLException {
        List<ModelMetrics.Epoch> epochs = new ArrayList<>();
        Optional<byte[]> checkpoint = log.checkpoints().latest(command.commandId());
        if (checkpoint.isPresent()) {
            try {
                trainer.resume(checkpoint.get());
                epochs.addAll(log.checkpoints().epochs(command.commandId()).subList(0, trainer.epochsDone()));
                control.publish(TrainingProgress.running(
                        command, Phase.TRAINING, "goes on after epoch " + trainer.epochsDone()));
            } catch (IllegalArgumentException e) {
                control.publish(TrainingProgress.running(command, Phase.TRAINING, "begins again: " + e.getMessage()));
            }
        }
        while (trainer.end().isEmpty()) {
            int epoch = trainer.epochsDone() + 1;
            long[] told = {System.nanoTime()};
            long started = System.nanoTime();
            Optional<EpochReport> report = trainer.runEpoch((done, all, loss) -> {
                control.check();
                if (System.nanoTime() - told[0] > STEP_REPORTS.toNanos()) {
                    told[0] = System.nanoTime();
                    control.publish(TrainingProgress.running(command, Phase.TRAINING, null)
                            .with(new Step(epoch, settings.epochs(), done, all, loss)));
                }
                return true;
            });
            if (report.isEmpty()) {
                break;
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            epochs.add(metrics(report.get(), seconds, settings.epochs()));
            // Published before it is stored: whoever goes on after a crash publishes an epoch twice rather than never.
            control.publishReliably(TrainingProgress.running(command, Phase.TRAINING, null)
                    .with(new Epoch(report.get(), settings.epochs(), (long) (seconds * (settings.epochs() - epoch)))));
            log.checkpoints().write(command.commandId(), epochs, trainer.checkpoint());
        }
        return epochs;
    }

    private static ModelMetrics.Epoch metrics(EpochReport report, double seconds, int epochs) {
        return new ModelMetrics.Epoch(
                report.epoch(),
                report.loss(),
                report.activeTriplets(),
                report.intraDistance(),
                report.interDistance(),
                report.heldBack().map(EpochReport.HeldBack::augmented).orElse(null),
                report.photosPerSecond(),
                seconds,
                epochs);
    }

    /** Continues with the command's version, whatever its status. */
    private TrainingProgress release(FineTune command, Control control) throws SQLException {
        ModelDetails made = registry.require(
                registry.ofTrainingCommand(command.commandId()).orElseThrow().version());
        String version = made.version().version();
        return switch (made.version().status()) {
            case CANDIDATE -> releaseCandidate(command, made, control);
            case ACTIVE -> done(command, Outcome.PROMOTED, version + " is the active version", made);
            case STANDBY -> done(command, Outcome.CANDIDATE, version + " was promoted, and is standby now", made);
            case RETIRED -> {
                requireNobodyErased(command);
                throw new IllegalStateException(version + " was retired meanwhile");
            }
        };
    }

    private TrainingProgress releaseCandidate(FineTune command, ModelDetails made, Control control)
            throws SQLException {
        String version = made.version().version();
        releases.complete(made.version(), embedding(command, control, Phase.EMBEDDING));
        String active = registry.active().version();
        Optional<String> objection = log.objection(command.commandId())
                .or(() -> active.equals(made.parent())
                        ? Optional.empty()
                        : Optional.of(active + " is active, with which it was not compared"));
        if (objection.isPresent()) {
            return done(
                    command, Outcome.CANDIDATE, version + " is a candidate, not promoted: " + objection.get(), made);
        }
        keep(control);
        releases.promote(version, embedding(command, control, Phase.PROMOTING));
        return done(command, Outcome.PROMOTED, version + " is the active version", made);
    }

    /** Checks, before a step that cannot be undone, that this worker has the command and nobody has cancelled it. */
    private void keep(Control control) throws SQLException {
        if (log.renew(control.command())) {
            control.cancel();
        }
        control.check();
    }

    private void requireNobodyErased(FineTune command) throws SQLException {
        long erased = log.erasedMeanwhile(command.commandId());
        TrainingCommand.require(
                erased == 0,
                erased + " of the people trained on were erased meanwhile: what was learnt is not kept; train again");
    }

    /** Retires the candidate of a command that ends early. */
    void discard(TrainingCommand command) throws SQLException {
        Optional<ModelVersion> made = registry.ofTrainingCommand(command.commandId());
        if (made.isPresent() && made.get().status() == ModelVersion.Status.CANDIDATE) {
            releases.retire(made.get().version());
        }
    }

    /** Publishes how much of the gallery is embedded, and stops with the command. */
    static ReembeddingProgress embedding(TrainingCommand command, Control control, Phase phase) {
        return (done, all) -> {
            control.check();
            control.publish(TrainingProgress.running(
                    command, phase, String.format(Locale.ROOT, "%d of %d photos of the gallery embedded", done, all)));
        };
    }

    private static TrainingProgress done(FineTune command, Outcome outcome, String message, ModelDetails made) {
        return TrainingProgress.of(command, State.DONE, message)
                .with(
                        outcome,
                        made.version().version(),
                        made.metrics().summary().comparisons());
    }

    private static TrainingProgress nothingMade(
            FineTune command, Outcome outcome, String message, List<ModelMetrics.Comparison> comparisons) {
        return TrainingProgress.of(command, State.DONE, message).with(outcome, null, comparisons);
    }

    /** Why a person is to decide about a candidate; null if it is to be promoted. */
    private static String objection(FineTune command, Ancestors ancestors, CandidateReview.Review review) {
        if (command.promotion() == PromotionPolicy.MANUAL) {
            return "the command says so";
        }
        if (ancestors.start().isEmpty()) {
            return "it began with random weights, and has no base to be better than; beside "
                    + ancestors.base().version() + ": " + review.reason();
        }
        return review.verdict() == Gate.Verdict.PROMOTED ? null : review.reason();
    }
}
