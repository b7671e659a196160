package io.facestream.training.commands;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelMetrics;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * The progress of a command: the JSON of {@code training-progress}. There is one for each change of state and each
 * epoch, and one every few seconds within an epoch.
 *
 * @param commandId as the command has it; null if it could not be read
 * @param kind of the command; null if it could not be read
 * @param state where the command is
 * @param phase what a running command is doing
 * @param outcome of a fine-tuning that ended
 * @param message for a person
 * @param dataset what is trained on, once it has been read
 * @param step how far an epoch is
 * @param epoch figures of an epoch
 * @param version that was made, promoted or rolled back to
 * @param comparisons of the new version with its base
 */
public record TrainingProgress(
        int schemaVersion,
        String commandId,
        String kind,
        State state,
        Phase phase,
        Outcome outcome,
        Instant at,
        String message,
        Dataset dataset,
        Step step,
        Epoch epoch,
        String version,
        List<ModelMetrics.Comparison> comparisons) {
    /** {@code ce_type} of its records. */
    public static final String TYPE = CloudEventRecords.type("training-progress");

    private static final int SCHEMA_VERSION = 1;

    /** Makes the message one line that the topic accepts, whatever it repeats of a command. */
    public TrainingProgress {
        message = message == null ? null : RejectedException.abbreviated(oneLine(message));
    }

    private static String oneLine(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** A constant whose label in JSON is its name in lower case, with hyphens. */
    private interface Labelled {
        String name();

        @JsonValue
        default String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static <E extends Enum<E> & Labelled> E of(E[] constants, String label) {
        return Arrays.stream(constants)
                .filter(constant -> constant.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such label: " + label));
    }

    /** Where a command is. */
    public enum State implements Labelled {
        /** Not understood, or not allowed: nothing was done. */
        REJECTED,
        QUEUED,
        RUNNING,
        DONE,
        FAILED,
        CANCELLED;

        /** Whether nothing follows. */
        public boolean isTerminal() {
            return this != QUEUED && this != RUNNING;
        }

        @JsonCreator
        public static State of(String label) {
            return TrainingProgress.of(values(), label);
        }
    }

    /** What a running command is doing. */
    public enum Phase implements Labelled {
        /** Photos are read, and their faces found. */
        READING,
        TRAINING,
        /** The trained network is measured beside its base. */
        COMPARING,
        /** The gallery is embedded under the new version. */
        EMBEDDING,
        PROMOTING;

        @JsonCreator
        public static Phase of(String label) {
            return TrainingProgress.of(values(), label);
        }
    }

    /** How a fine-tuning ended. */
    public enum Outcome implements Labelled {
        /** The new version is the active one. */
        PROMOTED,
        /** The new version is a candidate, for a person to promote. */
        CANDIDATE,
        /** The new network is worse than its base: it was not kept. */
        WORSE,
        COLLAPSED,
        /** Hardly any triplet violated the margin from the first epoch on. */
        NOTHING_TO_LEARN;

        @JsonCreator
        public static Outcome of(String label) {
            return TrainingProgress.of(values(), label);
        }
    }

    /**
     * What is trained on.
     *
     * @param photos that are trained on
     * @param people that they show
     * @param heldBackPhotos for measuring
     * @param heldBackPeople that they show
     * @param leftOut unused photos by reason, such as {@code no-face}, {@code near-duplicate} or {@code erased}
     */
    public record Dataset(
            int photos, int people, int heldBackPhotos, int heldBackPeople, Map<String, Integer> leftOut) {}

    /**
     * @param epoch from 1
     * @param epochs at most
     * @param done batches of this epoch
     * @param all batches of an epoch
     * @param loss of the last batch
     */
    public record Step(int epoch, int epochs, int done, int all, double loss) {}

    /**
     * @param report its figures
     * @param epochs at most
     * @param secondsLeft if all epochs are done, and take as long
     */
    public record Epoch(EpochReport report, int epochs, long secondsLeft) {}

    /** Of a command that was read. */
    public static TrainingProgress of(TrainingCommand command, State state, String message) {
        return bare(command.commandId().toString(), command.kind(), state, message);
    }

    /** Of a command that is worked on. */
    public static TrainingProgress running(TrainingCommand command, Phase phase, String message) {
        return of(command, State.RUNNING, message).in(phase);
    }

    /** Of a stored command that this build does not understand. */
    public static TrainingProgress unreadable(UUID commandId, String kind, String message) {
        return bare(commandId.toString(), kind, State.FAILED, message);
    }

    /** Of a record that is not a command. */
    public static TrainingProgress rejected(String commandId, String message) {
        return bare(commandId, null, State.REJECTED, message);
    }

    /** The same without the parts that can be long. */
    public TrainingProgress shortened() {
        return bare(commandId, kind, state, message).with(outcome, null, null);
    }

    private static TrainingProgress bare(String commandId, String kind, State state, String message) {
        return new TrainingProgress(
                SCHEMA_VERSION,
                commandId,
                kind,
                state,
                null,
                null,
                Instant.now(),
                message,
                null,
                null,
                null,
                null,
                null);
    }

    public TrainingProgress in(Phase running) {
        return with(running, outcome, dataset, step, epoch, version, comparisons);
    }

    public TrainingProgress with(Outcome came, String ofVersion, List<ModelMetrics.Comparison> compared) {
        return with(phase, came, dataset, step, epoch, ofVersion, compared);
    }

    public TrainingProgress with(Dataset read) {
        return with(phase, outcome, read, step, epoch, version, comparisons);
    }

    public TrainingProgress with(Step made) {
        return with(phase, outcome, dataset, made, epoch, version, comparisons);
    }

    public TrainingProgress with(Epoch over) {
        return with(phase, outcome, dataset, step, over, version, comparisons);
    }

    private TrainingProgress with(
            Phase running,
            Outcome came,
            Dataset read,
            Step made,
            Epoch over,
            String ofVersion,
            List<ModelMetrics.Comparison> compared) {
        return new TrainingProgress(
                schemaVersion,
                commandId,
                kind,
                state,
                running,
                came,
                at,
                message,
                read,
                made,
                over,
                ofVersion,
                compared);
    }
}
