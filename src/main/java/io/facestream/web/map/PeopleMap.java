package io.facestream.web.map;

import java.util.List;
import java.util.UUID;

/**
 * People on a square map.
 *
 * @param people by name
 * @param isFull whether it has as many as a map may have: there may be more
 */
public record PeopleMap(List<Place> people, boolean isFull) {
    /** Of each side of the square, in units of the drawing. */
    static final int SIDE = 1_000;

    private static final int MARGIN = 40;

    public PeopleMap {
        people = List.copyOf(people);
    }

    /** Where somebody is: from the left and from above, in units of the drawing. */
    public record Place(UUID id, String name, double x, double y) {}

    /** Fills the square with places of any scale; both directions have the same one, so that distances compare. */
    static PeopleMap of(List<Place> places, boolean isFull) {
        double left = places.stream().mapToDouble(Place::x).min().orElse(0);
        double top = places.stream().mapToDouble(Place::y).min().orElse(0);
        double width = places.stream().mapToDouble(Place::x).max().orElse(0) - left;
        double height = places.stream().mapToDouble(Place::y).max().orElse(0) - top;
        double span = Math.max(width, height);
        double scale = span > 0 ? (SIDE - 2 * MARGIN) / span : 0;
        double fromLeft = (SIDE - width * scale) / 2;
        double fromTop = (SIDE - height * scale) / 2;
        return new PeopleMap(
                places.stream()
                        .map(place -> new Place(
                                place.id(),
                                place.name(),
                                rounded(fromLeft + (place.x() - left) * scale),
                                rounded(fromTop + (place.y() - top) * scale)))
                        .toList(),
                isFull);
    }

    private static double rounded(double units) {
        return Math.round(units * 10) / 10.0;
    }
}
