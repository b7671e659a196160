package io.facestream.web.visits;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How often people were recognised.
 *
 * @param visits of a while
 * @param named those of them that are of somebody known
 * @param reasons why the others are of nobody known, the most frequent first
 */
public record WhyUnnamed(long visits, long named, List<Reason> reasons) {
    public WhyUnnamed {
        reasons = List.copyOf(reasons);
    }

    /** @param reason as sightings have it; empty where there is none */
    @Schema(name = "UnnamedReason")
    public record Reason(String reason, long visits) {}
}
