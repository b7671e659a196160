package io.facestream.web.page;

import java.time.Instant;
import java.util.List;

/**
 * How well people are recognised, and which erasures are not verified yet.
 *
 * @param visits of the last 24 hours
 * @param named those of them that are of somebody known
 * @param reasons why the others are of nobody known, the most frequent first
 * @param erasures that are not verified, the oldest first
 */
public record Health(List<Camera> cameras, long visits, long named, List<Reason> reasons, List<Erasure> erasures) {
    private static final int PERCENT = 100;

    public Health {
        cameras = List.copyOf(cameras);
        reasons = List.copyOf(reasons);
        erasures = List.copyOf(erasures);
    }

    /** @param lastSeen when the latest visit to this camera began */
    public record Camera(String name, Instant lastSeen) {
        /** The visits to this camera. */
        public String visitsUrl() {
            return "/?camera=" + Texts.encoded(name);
        }
    }

    /** @param reason as sightings have it */
    public record Reason(String reason, long visits) {}

    /**
     * An erasure of which something is left.
     *
     * @param waitingFor tables and topics; null if nobody has looked yet
     */
    public record Erasure(Instant erasedAt, String waitingFor) {}

    /** A share of the visits, in whole percent. */
    public int percent(long some) {
        return visits == 0 ? 0 : (int) Math.round((double) PERCENT * some / visits);
    }
}
