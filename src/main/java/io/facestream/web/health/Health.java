package io.facestream.web.health;

import io.facestream.web.cameras.KnownCamera;
import io.facestream.web.visits.WhyUnnamed;
import java.time.Instant;
import java.util.List;

/**
 * How well people are recognised, what the database holds, and which erasures are not verified yet.
 *
 * @param erasures that are not verified, the oldest first
 */
public record Health(List<KnownCamera> cameras, WhyUnnamed lastDay, List<Erasure> erasures, Storage storage) {
    private static final int PERCENT = 100;

    public Health {
        cameras = List.copyOf(cameras);
        erasures = List.copyOf(erasures);
    }

    /**
     * An erasure of which something is left.
     *
     * @param waitingFor tables and topics; null if nobody has looked yet
     */
    public record Erasure(Instant erasedAt, String waitingFor) {}

    /** A share of the visits, in whole percent. */
    public int percent(long some) {
        return lastDay.visits() == 0 ? 0 : (int) Math.round((double) PERCENT * some / lastDay.visits());
    }
}
