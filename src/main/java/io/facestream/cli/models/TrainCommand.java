package io.facestream.cli.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cli.terminal.Progress;
import io.facestream.cli.topics.RecordPublisher;
import io.facestream.cli.topics.TopicFollower;
import io.facestream.configuration.Settings;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.training.commands.EpochReport;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.FineTuneBuilder;
import io.facestream.training.commands.TrainingCommand;
import io.facestream.training.commands.TrainingProgress;
import io.facestream.training.commands.TrainingProgress.Outcome;
import io.facestream.training.commands.TrainingProgress.State;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        description = {
            "Fine-tunes the network on labelled faces from Kafka and the gallery's photos, and follows its progress.",
            "Exits with 0 if it made a new version, active or candidate. Ctrl-C ends the following, not the training."
        },
        mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(500);

    /** A running service answers a command at once; this leaves time for one that is still starting. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /** Running commands report more often than that. */
    private static final Duration LONG_SILENCE = Duration.ofMinutes(5);

    /** What the topic accepts, less the record's headers. */
    private static final int LARGEST_COMMAND = Topic.TRAINING_COMMANDS.maxMessageBytes() - (16 << 10);

    @Option(
            names = "--topic",
            paramLabel = "T",
            description = "A topic of labelled faces; may be given several times; default: labelled-faces.")
    private List<String> topics;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Photos from a time on, such as 2026-01-31T12:00:00Z; default: from the beginning.")
    private String from;

    @Option(names = "--people", paramLabel = "FILE", description = "Only these people, one name per line.")
    private Path people;

    @Option(names = "--no-gallery", description = "Leaves out the gallery's own photos.")
    private boolean withoutGallery;

    @Option(
            names = "--margin",
            paramLabel = "M",
            description = "How much farther strangers must be, in squared distance.")
    private Double margin;

    @Option(names = "--epochs", paramLabel = "N", description = "The most epochs.")
    private Integer epochs;

    @Option(names = "--batch-size", paramLabel = "B", description = "Photos in a batch.")
    private Integer batchSize;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description = "The highest learning rate; for fine-tuning it is relative to the sizes of the weights.")
    private Double learningRate;

    @Option(names = "--mining", paramLabel = "HOW", description = "semi-hard, batch-hard or batch-all.")
    private String mining;

    @Option(
            names = "--augment",
            paramLabel = "HOW",
            description = "none, seed, far-camera or far-only; default: far-camera.")
    private String augmentation;

    @Option(names = "--architecture", paramLabel = "NAME", description = "mobilefacenet or resnet50.")
    private String architecture;

    @Option(
            names = "--base",
            paramLabel = "VERSION",
            description = "The version to begin with; default: the active one.")
    private String base;

    @Option(
            names = "--teacher",
            paramLabel = "VERSION",
            description = "A version whose similarities of faces the network is to learn, such as mobilefacenet-pair.")
    private String teacher;

    @Option(
            names = "--min-cluster-distance",
            paramLabel = "D",
            description = "Ends the training once the centres of any two people are so far apart.")
    private Double minClusterDistance;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Ends the training after N epochs without gain on people held back.")
    private Integer patience;

    @Option(
            names = "--validation-share",
            paramLabel = "S",
            description = "Share of the people with two photos who are held back; default: 0.2.")
    private Double validationShare;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random draws.")
    private Long seed;

    @Option(names = "--promote", paramLabel = "HOW", description = "auto (if it is better than its base) or manual.")
    private String promote;

    @Option(names = "--json", description = "Prints the messages of training-progress as they come.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        FineTune command = command();
        byte[] message = Json.write(command);
        try {
            TrainingCommand.read(message);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        if (message.length > LARGEST_COMMAND) {
            throw new ParameterException(
                    spec.commandLine(),
                    people + " makes a command of " + message.length + " bytes, more than " + LARGEST_COMMAND
                            + ": publish photos of these people to a topic of their own, and name that with --topic");
        }
        Settings settings = Settings.load();
        try (TopicFollower follower = new TopicFollower(settings, Topic.TRAINING_PROGRESS, TopicFollower.From.NOW)) {
            try (RecordPublisher publisher = new RecordPublisher(settings, Topic.TRAINING_COMMANDS)) {
                publisher.trainingCommand(command.commandId(), message);
                publisher.flush();
            }
            return follow(follower, command.commandId());
        }
    }

    /** Reads the names. A byte order mark, which Windows writes at a file's start, is not part of the first name. */
    private List<String> names() throws IOException {
        try {
            return Files.readString(people)
                    .replaceFirst("^\uFEFF", "")
                    .lines()
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
        } catch (CharacterCodingException e) {
            throw new ParameterException(spec.commandLine(), people + " is not UTF-8 text with one name per line", e);
        }
    }

    private FineTune command() throws IOException {
        return new FineTuneBuilder(UUID.randomUUID())
                .topics(topics)
                .from(from)
                .people(people == null ? null : names())
                .gallery(withoutGallery ? Boolean.FALSE : null)
                .base(base)
                .teacher(teacher)
                .architecture(architecture)
                .margin(margin)
                .epochs(epochs)
                .batchSize(batchSize)
                .learningRate(learningRate)
                .mining(mining)
                .augmentation(augmentation)
                .minClusterDistance(minClusterDistance)
                .patience(patience)
                .validationShare(validationShare)
                .promote(promote)
                .seed(seed)
                .build();
    }

    private int follow(TopicFollower follower, UUID id) {
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            out.println("Training command " + id);
        }
        long silentSince = System.nanoTime();
        boolean answered = false;
        boolean running = false;
        boolean worried = false;
        try (ProgressBar bar = Progress.bar("Training", 0, json)) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : follower.poll(POLL)) {
                    Optional<TrainingProgress> read = read(record, id);
                    if (read.isEmpty()) {
                        continue;
                    }
                    TrainingProgress progress = read.get();
                    answered = true;
                    running = progress.state() == State.RUNNING;
                    worried = false;
                    silentSince = System.nanoTime();
                    show(progress, bar, out);
                    if (progress.state().isTerminal()) {
                        return end(progress);
                    }
                }
                long silence = System.nanoTime() - silentSince;
                if (!answered && silence > SILENCE.toNanos()) {
                    throw new IllegalStateException("the command was not answered for " + SILENCE.toSeconds()
                            + " s: is the role `training` running? The training starts when it is");
                }
                if (running && !worried && silence > LONG_SILENCE.toNanos()) {
                    worried = true;
                    spec.commandLine()
                            .getErr()
                            .println("facestream train: no progress was reported for " + LONG_SILENCE.toMinutes()
                                    + " minutes: is the role `training` still running? Any replica goes on from the"
                                    + " last epoch");
                }
            }
        }
    }

    /** A record's progress of the command; empty if it is about another command, or unreadable. */
    private static Optional<TrainingProgress> read(ConsumerRecord<byte[], byte[]> record, UUID id) {
        if (record.key() == null || record.value() == null || !id.toString().equals(new String(record.key(), UTF_8))) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(record.value(), TrainingProgress.class));
        } catch (RejectedException e) {
            return Optional.empty();
        }
    }

    private int end(TrainingProgress progress) {
        boolean made = progress.state() == State.DONE
                && (progress.outcome() == Outcome.PROMOTED || progress.outcome() == Outcome.CANDIDATE);
        if (made) {
            return 0;
        }
        if (json) {
            return 1;
        }
        throw new IllegalStateException(progress.message());
    }

    private void show(TrainingProgress progress, ProgressBar bar, PrintWriter out) {
        if (json) {
            out.println(new String(Json.write(progress), UTF_8));
            out.flush();
            return;
        }
        if (progress.step() != null) {
            TrainingProgress.Step step = progress.step();
            bar.maxHint((long) step.epochs() * step.all());
            bar.stepTo((long) (step.epoch() - 1) * step.all() + step.done());
            bar.setExtraMessage(String.format(Locale.ROOT, "loss %.4f", step.loss()));
            return;
        }
        line(progress).ifPresent(out::println);
        out.flush();
    }

    private static Optional<String> line(TrainingProgress progress) {
        if (progress.epoch() != null) {
            EpochReport report = progress.epoch().report();
            return Optional.of(String.format(
                    Locale.ROOT,
                    "epoch %d of %d: loss %.4f, %.0f %% of triplets active, people %.3f apart, their photos %.3f, %s"
                            + "%.0f photos/s, %d s left",
                    report.epoch(),
                    progress.epoch().epochs(),
                    report.loss(),
                    100 * report.activeTriplets(),
                    report.interDistance(),
                    report.intraDistance(),
                    report.heldBack()
                            .map(figures -> String.format(
                                    Locale.ROOT,
                                    "TAR at FAR 1e-2 of those held back %.1f %% and %.1f %% augmented, ",
                                    100 * figures.clean(),
                                    100 * figures.augmented()))
                            .orElse(""),
                    report.photosPerSecond(),
                    progress.epoch().secondsLeft()));
        }
        if (progress.dataset() != null) {
            TrainingProgress.Dataset read = progress.dataset();
            return Optional.of(read.photos() + " photos of " + read.people() + " people, and "
                    + read.heldBackPhotos() + " of " + read.heldBackPeople() + " held back"
                    + (read.leftOut().isEmpty() ? "" : "; left out: " + read.leftOut()));
        }
        if (progress.comparisons() != null) {
            StringBuilder text = new StringBuilder();
            progress.comparisons()
                    .forEach(comparison -> text.append(String.format(
                            Locale.ROOT,
                            "%s: TAR at FAR %s %.1f %%, its base %.1f %% (gain %.1f to %.1f points)%n",
                            comparison.photos(),
                            comparison.far(),
                            100 * comparison.tar(),
                            100 * comparison.baseTar(),
                            100 * comparison.gainLow(),
                            100 * comparison.gainHigh())));
            return Optional.of(text + (progress.outcome() == Outcome.WORSE ? "" : progress.message()));
        }
        return progress.message() == null || progress.state().isTerminal()
                ? Optional.empty()
                : Optional.of(progress.message());
    }
}
