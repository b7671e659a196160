package io.facestream.web.health;

import java.time.Instant;
import java.util.List;

/**
 * The latest records that were rejected.
 *
 * @param isUnknown whether the broker does not say
 * @param isCut whether there are earlier ones
 * @param reasons how often each, the most frequent first
 * @param latest the latest first
 */
public record Rejects(boolean isUnknown, boolean isCut, List<Reason> reasons, List<Reject> latest) {
    static final Rejects UNKNOWN = new Rejects(true, false, List.of(), List.of());

    public Rejects {
        reasons = List.copyOf(reasons);
        latest = List.copyOf(latest);
    }

    /** @param records among the latest */
    public record Reason(String reason, long records, Instant last) {}

    /**
     * A record.
     *
     * @param camera that sent it; null if it came from elsewhere, where keys may be names of people
     * @param message why, in the words of the stage; null if it came from elsewhere
     * @param origin the place of the record that was rejected, such as {@code camera-frames-0-42}
     * @param picture where its picture is; null if there is none that a browser should see
     */
    public record Reject(
            Instant at, String stage, String reason, String camera, String message, String origin, String picture) {}
}
