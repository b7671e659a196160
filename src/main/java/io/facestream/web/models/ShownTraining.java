package io.facestream.web.models;

import io.facestream.models.ModelMetrics;
import java.time.Instant;
import java.util.List;
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

    /** The latest epoch; null before the first. */
    public ModelMetrics.Epoch latest() {
        return epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
    }
}
