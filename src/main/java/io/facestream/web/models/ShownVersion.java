package io.facestream.web.models;

import io.facestream.models.ModelMetrics;
import java.time.Instant;
import java.util.List;

/**
 * A model version, as the page shows it.
 *
 * @param status {@code candidate}, {@code active}, {@code standby} or {@code retired}
 * @param activatedAt when it last became the active one; null if never
 * @param comparisons with its base, on people held back from training
 */
public record ShownVersion(
        String version,
        String status,
        String architecture,
        String parent,
        Instant createdAt,
        Instant activatedAt,
        List<ModelMetrics.Comparison> comparisons) {
    private static final int PERCENT = 100;

    public ShownVersion {
        comparisons = List.copyOf(comparisons);
    }

    public boolean isActive() {
        return status.equals("active");
    }

    /** Whether it can take the active one's place. */
    public boolean isPromotable() {
        return status.equals("candidate") || status.equals("standby");
    }

    /** A share in percent. */
    public double percent(double share) {
        return PERCENT * share;
    }
}
