package io.facestream.web.visits;

import java.time.Instant;

/**
 * Which visits are wanted. Empty or null leaves nobody out.
 *
 * @param person a part of the name, or the id
 * @param since when the first of them began; null for any time
 * @param until before when the last of them began; null for any time
 */
public record VisitQuery(String person, String camera, Instant since, Instant until, Who who) {
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 9998;

    /** Of whom. */
    public enum Who {
        EVERYBODY,
        /** Somebody who was named. */
        NAMED,
        UNNAMED
    }

    /** All of a person. */
    public static VisitQuery of(String person) {
        return new VisitQuery(person, "", null, null, Who.EVERYBODY);
    }

    /** Whether the database, and the calendars of all zones, have that year. */
    public static boolean isOfOurTimes(int year) {
        return year >= FIRST_YEAR && year <= LAST_YEAR;
    }
}
