package io.facestream.web.news;

import io.facestream.sightings.message.Sighting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * News from being heard of until the database has them. Visits are stored in the order of their partition, so that the
 * latest of each stands for those before it.
 */
final class PendingNews {
    /** A role that stores visits later than that is found by the pages' own questions. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Clock clock;
    private Map<Integer, Sighting> heard = new HashMap<>();
    private Map<Integer, Sighting> awaited = Map.of();
    private Instant since;
    /** Whether something changed that is in the database already. */
    private boolean changed;

    PendingNews(Clock clock) {
        this.clock = clock;
    }

    synchronized void visit(int partition, Sighting visit) {
        heard.put(partition, visit);
    }

    /** The gallery, or what a visit is of, was changed. */
    synchronized void changed() {
        changed = true;
    }

    synchronized boolean isEmpty() {
        return !changed && heard.isEmpty() && awaited.isEmpty();
    }

    /** Whether something was changed since it was asked last. */
    synchronized boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** The visits to ask the database for; the same until they are done or time is up. */
    synchronized Collection<Sighting> awaited() {
        if (awaited.isEmpty() || since.isBefore(clock.instant().minus(PATIENCE))) {
            awaited = heard;
            heard = new HashMap<>();
            since = clock.instant();
        }
        return List.copyOf(awaited.values());
    }

    /** The database has those that were asked for. */
    synchronized void done() {
        awaited = Map.of();
    }

    /** Nobody listens any more. */
    synchronized void forget() {
        heard.clear();
        awaited = Map.of();
        changed = false;
    }
}
