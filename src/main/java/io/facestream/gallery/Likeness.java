package io.facestream.gallery;

import java.util.Locale;
import java.util.Optional;

/**
 * Whom a new photo is like: distances under one model version, L2 of unit vectors.
 *
 * @param threshold within which somebody counts as recognised, by the gallery's size
 * @param separation by which a nearer person is told from the next
 * @param own distance of the person's own template; empty where the person has none
 * @param nearestOwn distance of the nearest of the person's own samples, empty likewise
 * @param spread the greatest distance between two of those; empty where there are fewer than two
 * @param other the nearest other person; empty where there is nobody else
 */
public record Likeness(
        float threshold,
        float separation,
        Optional<Float> own,
        Optional<Float> nearestOwn,
        Optional<Float> spread,
        Optional<Neighbour> other) {

    /** Whether the photo would be taken for somebody else. */
    public boolean isAnothers() {
        return withinThreshold() && !isOwnNearer();
    }

    /** Whom it looks like, within the threshold; empty for nobody but the person. */
    public Optional<String> looksLike() {
        if (!withinThreshold()) {
            return Optional.empty();
        }
        String whom = "looks like " + other.get().name() + " " + in(other.get().distance());
        return Optional.of(isOwnNearer() ? whom + ", if less than like the person's own photos" : whom);
    }

    private boolean withinThreshold() {
        return other.isPresent() && other.get().distance() <= threshold;
    }

    private boolean isOwnNearer() {
        return own.isPresent() && other.get().distance() - own.get() >= separation;
    }

    /** Whether all of the person's other photos are farther than that. */
    public boolean isUnlikeOthers(float maxDistance) {
        return nearestOwn.isPresent() && nearestOwn.get() > maxDistance;
    }

    /** For whoever published the photo. */
    public String unlikeOthers(String name) {
        return "unlike " + name + "'s other photos "
                + spread.map(most -> String.format(
                                Locale.ROOT,
                                "(the nearest is at distance %.2f; they lie within %.2f of each other)",
                                nearestOwn.get(),
                                most))
                        .orElseGet(() -> String.format(Locale.ROOT, "(distance %.2f)", nearestOwn.get()));
    }

    private static String in(float distance) {
        return String.format(Locale.ROOT, "(%.2f)", distance);
    }
}
