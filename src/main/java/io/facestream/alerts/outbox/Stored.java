package io.facestream.alerts.outbox;

import io.facestream.alerts.target.Observation;
import java.util.List;
import java.util.Map;

/**
 * What became of a batch.
 *
 * @param observations its messages, with the names of today
 * @param changes alerts by target and the state they are in now
 */
public record Stored(List<Observation> observations, Map<Change, Integer> changes) {
    public Stored {
        observations = List.copyOf(observations);
        changes = Map.copyOf(changes);
    }

    /** @param state {@code waiting}, {@code expired} or {@code cancelled} */
    public record Change(String target, String state) {}
}
