package io.facestream.web.models;

import io.facestream.models.ModelMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * A training command, as the page shows it.
 *
 * @param kind {@code fine-tune}, {@code promote} or {@code roll-back}
 * @param state {@code queued}, {@code running}, {@code done}, {@code failed} or {@code cancelled}
 * @param wanted epochs at most; null if the command leaves it to the defaults
 * @param epochs what came of each so far
 * @param version that was made, promoted or rolled back to; null if none is known
 * @param message in the role's words, once it has ended; null if there is none
 */
public record ShownTraining(
        UUID id,
        String kind,
        String state,
        Instant askedAt,
        Instant changedAt,
        Integer wanted,
        List<ModelMetrics.Epoch> epochs,
        String outcome,
        String version,
        String message) {
    public ShownTraining {
        epochs = List.copyOf(epochs);
    }

    public boolean isOpen() {
        return state.equals("queued") || state.equals("running");
    }

    public boolean isTraining() {
        return kind.equals("fine-tune");
    }

    /** How many epochs it takes at most; null if that is not known. */
    public Integer most() {
        return epochs.isEmpty() || latest().epochs() == null ? wanted : latest().epochs();
    }

    /** How long an epoch takes, by the latest three; null if that is not known. */
    public Duration anEpoch() {
        OptionalDouble seconds = epochs.stream()
                .skip(Math.max(0, epochs.size() - 3))
                .filter(epoch -> epoch.seconds() != null)
                .mapToDouble(ModelMetrics.Epoch::seconds)
                .average();
        return seconds.isPresent() ? Duration.ofMillis(Math.round(seconds.getAsDouble() * 1e3)) : null;
    }

    /**
     * How long the epochs that are left take at most, if they go on like this; null if that is not known. It ends
     * earlier if the people held back are told apart no better.
     */
    public Duration left() {
        if (!state.equals("running") || most() == null || anEpoch() == null) {
            return null;
        }
        Duration all = anEpoch().multipliedBy(Math.max(0, most() - latest().epoch()));
        Duration left = all.minus(Duration.between(changedAt, Instant.now()));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** The latest epoch; null before the first. */
    public ModelMetrics.Epoch latest() {
        return epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
    }
}
