package io.facestream.alerts.mqtt;

import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The visits of all cameras that are open, or were a moment ago: of each the message with the greatest sequence. Used
 * by one thread.
 */
final class Visits {
    /** The event of a message that names somebody, or somebody else. */
    static final String NAMED = "named";

    /** A crowd of 30 at each of 200 cameras, three times. Beyond, those that were silent for longest are forgotten. */
    private static final int MOST = 20_000;

    private final Duration stale;
    private final Map<Key, Sighting> latest = new LinkedHashMap<>();

    private record Key(String source, String sightingId) {}

    /** @param stale after this time without a message a visit counts as over */
    Visits(Duration stale) {
        this.stale = stale;
    }

    /**
     * Takes a message.
     *
     * @return what happened: the message's {@code change}, or {@value #NAMED}; empty if a later message is known
     */
    Optional<String> take(Sighting message) {
        Key key = new Key(message.source(), message.sightingId());
        Sighting before = latest.get(key);
        if (before != null && before.sequence() >= message.sequence()) {
            return Optional.empty();
        }
        latest.remove(key);
        latest.put(key, message);
        if (latest.size() > MOST) {
            latest.remove(latest.keySet().iterator().next());
        }
        boolean named = message.change() == Sighting.Change.UPDATED
                && message.subject().kind() == Subject.Kind.PERSON
                && before != null
                && !Objects.equals(
                        before.subject().identityId(), message.subject().identityId());
        return Optional.of(named ? NAMED : message.change().code());
    }

    /** Forgets visits of which nothing was heard for long, and tells them. */
    List<Sighting> forget(Instant now) {
        Instant past = now.minus(stale);
        List<Sighting> over = latest.values().stream()
                .filter(visit -> visit.lastAppendedAt().isBefore(past))
                .toList();
        latest.values().removeAll(over);
        return over;
    }

    void clear() {
        latest.clear();
    }

    /** Visits whose subject is before the camera, as far as anybody knows. */
    List<Sighting> open(Instant now) {
        Instant past = now.minus(stale);
        return latest.values().stream()
                .filter(visit -> visit.change() != Sighting.Change.LEFT
                        && !visit.lastAppendedAt().isBefore(past))
                .toList();
    }

    /** All that is remembered, in the order of their last messages. */
    Collection<Sighting> all() {
        return List.copyOf(latest.values());
    }
}
