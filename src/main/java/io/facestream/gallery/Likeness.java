package io.facestream.gallery;

import java.util.Locale;
import java.util.Optional;

/**
 * The distances of a new photo to the gallery under one model version: L2 of unit vectors.
 *
 * @param threshold largest distance of a match with the other person, which depends on the gallery's size and on the
 *     number of photos in that person's template
 * @param separation least difference between the distances of two distinguishable people
 * @param own distance of the person's own template; empty if there is none
 * @param nearestOwn distance of the nearest of the person's own samples, empty likewise
 * @param spread the greatest distance between two of those samples; empty if there are fewer than two
 * @param other the nearest other person; empty if there is nobody else
 */
public record Likeness(
        float threshold,
        float separation,
        Optional<Float> own,
        Optional<Float> nearestOwn,
        Optional<Float> spread,
        Optional<Neighbour> other) {

    /**
     * The same picture in another lossless file is at a distance of 0 but for rounding; as a JPEG of whatever quality,
     * at 0.002 or more (25 photos of LFW).
     */
    private static final float SAME_PICTURE = 1e-3f;

    /**
     * Whether the person would have the very template of somebody else. Equal vectors fill each other's lists of
     * neighbours in an HNSW index: with pgvector 0.8.0, 400 equal ones made 8 % of all others unreachable.
     */
    public boolean sharesTemplate() {
        return own.isEmpty() && other.isPresent() && other.get().distance() <= SAME_PICTURE;
    }

    /** Whether the photo would be recognised as somebody else. */
    public boolean isSomebodyElse() {
        return withinThreshold() && !isOwnNearer();
    }

    /** A description of the other person within the threshold; empty if there is none. */
    public Optional<String> looksLike() {
        if (!withinThreshold()) {
            return Optional.empty();
        }
        String whom = "looks like " + other.get().name() + " " + in(other.get().distance());
        return Optional.of(isOwnNearer() ? whom + ", but more like the person's own photos" : whom);
    }

    private boolean withinThreshold() {
        return other.isPresent() && other.get().distance() <= threshold;
    }

    private boolean isOwnNearer() {
        return own.isPresent() && other.get().distance() - own.get() >= separation;
    }

    /** Whether all of the person's other photos are farther than this distance. */
    public boolean isUnlikeOthers(float maxDistance) {
        return nearestOwn.isPresent() && nearestOwn.get() > maxDistance;
    }

    /** An explanation for the publisher of the photo. */
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
