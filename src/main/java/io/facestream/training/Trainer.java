package io.facestream.training;

import io.facestream.training.Checkpoint.Best;
import io.facestream.training.commands.Augmentation;
import io.facestream.training.commands.EndReason;
import io.facestream.training.commands.EpochReport;
import io.facestream.training.commands.EpochReport.HeldBack;
import io.facestream.training.commands.TrainingSettings;
import io.facestream.training.data.Augmenter;
import io.facestream.training.data.BatchLoader;
import io.facestream.training.data.BatchPlan;
import io.facestream.training.data.BatchPlan.Slot;
import io.facestream.training.data.ChipStore;
import io.facestream.training.data.ClearEmbeddings;
import io.facestream.training.data.TrainingSet;
import io.facestream.training.network.Mining;
import io.facestream.training.network.NearFarGraph;
import io.facestream.training.network.NetworkGraph;
import io.facestream.training.network.Schedule;
import io.facestream.training.network.StepSettings;
import io.facestream.training.network.TrainingBatch;
import io.facestream.training.network.TrainingGraph;
import io.facestream.training.network.TrainingLoss;
import io.facestream.training.network.TrainingStep;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Trains one network on one training set, epoch by epoch. The same settings, base, teacher and training set give the
 * same network, up to the order in which threads add floating-point numbers. For one thread at a time.
 */
public final class Trainer implements Training {
    /** Under it, in L2 of unit vectors, people lie in one place. */
    private static final double COLLAPSED_DISTANCE = 0.1;

    /** How near to the margin, as a share of it, the loss of a collapsed embedding is. */
    private static final double COLLAPSED_LOSS = 0.005;

    /** A network with random weights looks collapsed at first. */
    private static final int EPOCHS_TO_UNFOLD = 5;

    private static final double LEAST_ACTIVE_TRIPLETS = 0.05;
    private static final double LEAST_ACTIVE_OF_ALL = 0.001;

    private final TrainingSettings settings;
    private final NetworkGraph network;
    private final boolean fromRandom;
    private final ChipStore chips;
    private final TrainingSet set;
    private final BatchPlan plan;
    private final Schedule schedule;
    private final Optional<ClearEmbeddings> base;
    private final Optional<ClearEmbeddings> teacher;
    private final double teacherWeight;
    private final BatchLoader loader;
    private final BatchLoader plain;
    private final BatchLoader augmenting;
    private final Optional<HeldBackPhotos> heldBack;
    private final TrainingGraph graph;
    private final ExecutorService loading = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "training-batches");
        thread.setDaemon(true);
        return thread;
    });

    private int epochs;
    private long steps;
    private Best best = Best.NONE;
    private Optional<TrainingEnd> end = Optional.empty();

    private Trainer(
            TrainingSettings settings,
            Optional<byte[]> base,
            Optional<byte[]> teacher,
            ChipStore chips,
            TrainingSet set,
            int threads) {
        this.settings = settings;
        this.chips = chips;
        this.set = set;
        network = settings.architecture().network(base, settings.seed());
        fromRandom = base.isEmpty();
        if (fromRandom && settings.augmentation() == Augmentation.FAR_ONLY) {
            throw new IllegalArgumentException(
                    "far-only trains for far faces, and leaves all others to a base: none was given");
        }
        plan = new BatchPlan(settings, set);
        schedule = new Schedule(settings.learningRate(), (long) settings.epochs() * plan.batches());
        heldBack = set.validation().size() < 2
                ? Optional.empty()
                : Optional.of(new HeldBackPhotos(settings, set.validation()));
        double baseWeight = fromRandom ? 0 : settings.ties().base();
        this.base = baseWeight == 0
                ? Optional.empty()
                : base.map(weights -> new ClearEmbeddings("base", weights, false, chips));
        teacherWeight = teacher.isEmpty() ? 0 : settings.ties().teacher();
        this.teacher = teacherWeight == 0
                ? Optional.empty()
                : teacher.map(weights -> new ClearEmbeddings("teacher", weights, true, chips));
        Augmenter augmenter = new Augmenter(settings.augmentation());
        loader = new BatchLoader(chips, augmenter, this.base, settings.ties().clean(), this.teacher);
        augmenting = new BatchLoader(chips, augmenter);
        plain = new BatchLoader(chips, new Augmenter(Augmentation.NONE));
        graph = new TrainingGraph(
                network,
                new TrainingLoss.Weights(settings.mining(), settings.margin(), baseWeight, teacherWeight),
                StepSettings.of(settings.architecture()),
                threads);
    }

    /**
     * Starts a run before its first epoch.
     *
     * @param base zipped SavedModel of a version of the same architecture; empty for random weights, which only {@link
     *     Architecture#RESNET50} can start from, and without a term towards the base
     * @param teacher zipped SavedModel of any network for faces of the same size; empty for a training without
     * @param chips to be closed after the trainer, by the caller
     * @param threads that work on a step, at least 1
     * @throws IllegalArgumentException if the base is of another architecture, or missing where one is needed
     */
    public static Trainer start(
            TrainingSettings settings,
            Optional<byte[]> base,
            Optional<byte[]> teacher,
            ChipStore chips,
            TrainingSet set,
            int threads) {
        return new Trainer(settings, base, teacher, chips, set, threads);
    }

    /**
     * Restores the state of a run with the same settings, base, teacher and set from its checkpoint.
     *
     * @throws IllegalArgumentException if it is the checkpoint of a run with other settings, or damaged
     */
    @Override
    public void resume(byte[] checkpoint) {
        Checkpoint read = Checkpoint.read(checkpoint);
        if (!read.settings().equals(settings.toString())) {
            throw new IllegalArgumentException(
                    "the checkpoint is of a run with other settings: " + read.settings() + ", not " + settings);
        }
        graph.restore(read.variables());
        epochs = read.epochs();
        steps = read.steps();
        best = read.best();
        end = read.end();
    }

    /** All of the run's state between two epochs. */
    @Override
    public byte[] checkpoint() {
        return new Checkpoint(settings.toString(), epochs, steps, best, end, graph.state()).bytes();
    }

    /** How many epochs are done. */
    @Override
    public int epochsDone() {
        return epochs;
    }

    /** Batches of an epoch. */
    public int batches() {
        return plan.batches();
    }

    /** Why there is no further epoch; empty while there is. */
    @Override
    public Optional<TrainingEnd> end() {
        return end;
    }

    /**
     * Trains for an epoch; {@link #end()} says whether another one follows.
     *
     * @return empty if it was not finished, because the listener gave it up or a weight became NaN or infinite
     * @throws IOException if chips could not be read
     * @throws IllegalStateException if the run has ended
     */
    @Override
    public Optional<EpochReport> runEpoch(Listener listener) throws IOException {
        if (end.isPresent()) {
            throw new IllegalStateException("the run has ended: " + end.get());
        }
        long start = System.nanoTime();
        EpochTally tally = new EpochTally(set.training().size());
        end = train(tally, listener);
        if (end.isPresent()) {
            return Optional.empty();
        }
        epochs++;
        long nanos = System.nanoTime() - start;
        OptionalDouble clusterDistance =
                settings.minClusterDistance() > 0 ? OptionalDouble.of(tally.clusterDistance()) : OptionalDouble.empty();
        Optional<HeldBack> figures = heldBack.isPresent()
                ? Optional.of(heldBack.get().measure(graph, plain, augmenting, base))
                : Optional.empty();
        EpochReport report = tally.report(epochs, steps, nanos, clusterDistance, figures);
        figures.ifPresent(found -> best = best.after(found.clean() + found.augmented()));
        end = endAfter(report);
        return Optional.of(report);
    }

    /** Runs the epoch's steps; while one is made, the next batch is loaded. */
    private Optional<TrainingEnd> train(EpochTally tally, Listener listener) throws IOException {
        List<List<Slot>> batches = plan.epoch(epochs + 1);
        Future<TrainingBatch> next = loading.submit(() -> loader.load(batches.get(0)));
        try {
            for (int i = 0; i < batches.size(); i++) {
                TrainingBatch batch = take(next);
                int following = i + 1;
                if (following < batches.size()) {
                    next = loading.submit(() -> loader.load(batches.get(following)));
                }
                long start = System.nanoTime();
                TrainingStep step = graph.step(batch, schedule.rate(steps + 1), steps + 1);
                steps++;
                if (!Float.isFinite(step.loss())) {
                    return Optional.of(new TrainingEnd(
                            EndReason.COLLAPSED,
                            "the loss of step " + steps + " is NaN or infinite: the learning rate of "
                                    + settings.learningRate() + " is too high"));
                }
                tally.add(batch, step, System.nanoTime() - start);
                if (!listener.step(following, batches.size(), step.loss())) {
                    return Optional.of(new TrainingEnd(
                            EndReason.CANCELLED, "cancelled in epoch " + (epochs + 1) + " of " + settings.epochs()));
                }
            }
            return Optional.empty();
        } finally {
            await(next);
        }
    }

    private static TrainingBatch take(Future<TrainingBatch> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a batch was loaded", e);
        } catch (ExecutionException e) {
            throw new IOException("a batch could not be loaded: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** The loader is idle when an epoch is over, however it ended. */
    private static void await(Future<TrainingBatch> future) throws IOException {
        if (!future.isDone()) {
            take(future);
        }
    }

    private Optional<TrainingEnd> endAfter(EpochReport report) {
        boolean unfolded = !fromRandom || epochs > EPOCHS_TO_UNFOLD || epochs >= settings.epochs();
        if (unfolded && collapsed(report)) {
            return end(
                    EndReason.COLLAPSED,
                    "all faces have come to lie in one place: people are %.3f apart on average, the loss is %.3f at a"
                            + " margin of %s; a lower learning rate, or larger batches, may help",
                    report.interDistance(),
                    report.tripletLoss(),
                    settings.margin());
        }
        if (report.clusterDistance().isPresent()
                && report.clusterDistance().getAsDouble() >= settings.minClusterDistance()) {
            return end(
                    EndReason.MIN_CLUSTER_DISTANCE,
                    "the nearest two people are %.3f apart",
                    report.clusterDistance().getAsDouble());
        }
        if (epochs >= settings.epochs()) {
            return end(EndReason.EPOCHS, "all %d epochs are done", epochs);
        }
        if (teacherWeight == 0 && report.activeTriplets() < leastActive()) {
            return end(
                    EndReason.NOTHING_TO_LEARN,
                    "%.1f %% of the triplets violate the margin of %s: a larger one, or more augmentation, would leave"
                            + " something to learn",
                    100 * report.activeTriplets(),
                    settings.margin());
        }
        if (settings.patience() > 0 && best.epochsAgo() >= settings.patience()) {
            return end(
                    EndReason.NO_IMPROVEMENT,
                    "the figures of the held-back people have not risen for %d epochs",
                    best.epochsAgo());
        }
        return Optional.empty();
    }

    /** Of all triplets of a batch, not of one for each pair, far fewer are near the margin. */
    private double leastActive() {
        return settings.mining() == Mining.BATCH_ALL ? LEAST_ACTIVE_OF_ALL : LEAST_ACTIVE_TRIPLETS;
    }

    private boolean collapsed(EpochReport report) {
        boolean atMargin = Math.abs(report.tripletLoss() - settings.margin()) < COLLAPSED_LOSS * settings.margin();
        boolean alike = report.interDistance() - report.intraDistance() < COLLAPSED_DISTANCE / 10;
        boolean apart = report.interDistance() >= COLLAPSED_DISTANCE; // false where it is NaN or infinite
        return !apart || (atMargin && alike);
    }

    private static Optional<TrainingEnd> end(EndReason reason, String message, Object... arguments) {
        return Optional.of(new TrainingEnd(reason, String.format(Locale.ROOT, message, arguments)));
    }

    /**
     * The unit vectors of chips as they are, in their order, under the network that is trained, without the base's
     * share.
     *
     * @param indexes in the store
     */
    public float[][] embed(List<Integer> indexes) throws IOException {
        return HeldBackPhotos.embed(
                indexes.stream().map(chip -> new Slot(0, chip, false, 0)).toList(), graph, plain);
    }

    /** The network as trained so far, with the base's share: a zipped SavedModel that {@code FaceEmbedder} takes. */
    @Override
    public byte[] savedModel() throws IOException {
        double kept = fromRandom ? 0 : settings.ties().baseShare();
        NetworkGraph trained = network.with(network.mixed(kept, graph.published(network)));
        return settings.augmentation() == Augmentation.FAR_ONLY ? withNear(trained) : trained.savedModel();
    }

    private byte[] withNear(NetworkGraph far) throws IOException {
        List<Integer> photos = set.training().stream()
                .flatMap(person -> person.chips().stream())
                .toList();
        double scale = FarNorms.ratio(network.savedModel(), far.savedModel(), chips, photos);
        return NearFarGraph.of(network, far, settings.architecture().dimensions(), scale)
                .savedModel();
    }

    @Override
    public void close() {
        loading.shutdownNow();
        graph.close();
        loader.close();
        plain.close();
        augmenting.close();
        base.ifPresent(ClearEmbeddings::close);
        teacher.ifPresent(ClearEmbeddings::close);
    }
}
