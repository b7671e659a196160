package io.facestream.calibration;

import io.facestream.calibration.OpenSetSearch.Search;
import io.facestream.identities.Identification;
import io.facestream.photos.PhotoError;
import io.facestream.photos.PhotoSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The wrong answers of several drawings' searches. A photo that is mistaken for the same person in many of them counts
 * as one error.
 */
public final class SearchErrors {
    private final PhotoSet people;
    private final int drawings;
    private final Map<Key, Seen> seen = new LinkedHashMap<>();

    /** @param other name of the person it was, or should have been, taken for */
    private record Key(String kind, String photo, String other) {}

    /** @param first first of the drawings' errors */
    private record Seen(PhotoError first, int times) {
        Seen again() {
            return new Seen(first, times + 1);
        }
    }

    /**
     * @param people enrolled
     * @param drawings in all
     */
    public SearchErrors(PhotoSet people, int drawings) {
        this.people = people;
        this.drawings = drawings;
    }

    /**
     * Adds the answer to a search if it is wrong. A photo without a detected face has no answer.
     *
     * @param drawing drawing that the search belongs to
     * @param threshold in force
     */
    public void add(OpenSetSearch drawing, Search search, Identification answer, double threshold) {
        boolean known = answer instanceof Identification.Known;
        if (!search.detected()) {
            return;
        }
        if (search.group() >= people.people()) {
            if (known) {
                add("false-positive", drawing, search, search.nearestPerson(), threshold);
            }
        } else if (known && !search.right()) {
            add("wrong-name", drawing, search, search.nearestPerson(), threshold);
        } else if (answer instanceof Identification.Ambiguous) {
            add("ambiguous", drawing, search, search.nearestPerson(), threshold);
        } else if (!known) {
            add("missed", drawing, search, search.group(), threshold);
        }
    }

    private void add(String kind, OpenSetSearch drawing, Search search, int other, double threshold) {
        Key key = new Key(kind, search.photo().photo().file().toString(), people.name(other));
        Seen before = seen.get(key);
        if (before != null) {
            seen.put(key, before.again());
            return;
        }
        String nearest = search.nearestPerson() < 0
                ? "nobody is enrolled"
                : String.format(
                        Locale.ROOT,
                        "nearest %s at %.3f, next at %.3f",
                        people.name(search.nearestPerson()),
                        search.nearest(),
                        search.runnerUp());
        String detail = String.format(Locale.ROOT, "%s; threshold %.3f", nearest, threshold);
        PhotoError error = new PhotoError(
                kind, search.photo(), drawing.nearestEnrolled(search, other), drawing.distance(search, other), detail);
        seen.put(key, new Seen(error, 1));
    }

    public List<PhotoError> errors() {
        return seen.values().stream()
                .map(error -> new PhotoError(
                        error.first().kind(),
                        error.first().photo(),
                        error.first().other(),
                        error.first().distance(),
                        error.first().detail() + "; in " + error.times() + " of " + drawings + " drawings"))
                .toList();
    }
}
