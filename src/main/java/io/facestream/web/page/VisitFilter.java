package io.facestream.web.page;

import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.LocalDate;

/** Which visits a reader wants to see: the fields of the form above them. Null or empty leaves nobody out. */
public final class VisitFilter {
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 9998;

    @QueryParam("person")
    String person;

    @QueryParam("camera")
    String camera;

    /** Such as {@code 2026-11-29}, in the reader's zone. */
    @QueryParam("day")
    String day;

    /** {@code named}, {@code unnamed}, or everybody. */
    @QueryParam("who")
    String who;

    public String getPerson() {
        return Texts.cut(person);
    }

    public String getCamera() {
        return Texts.cut(camera);
    }

    public String getWho() {
        return Texts.cut(who);
    }

    /** Empty if it is no day. */
    public String getDay() {
        LocalDate wanted = wantedDay();
        return wanted == null ? "" : wanted.toString();
    }

    LocalDate wantedDay() {
        try {
            LocalDate wanted = day == null || day.isEmpty() ? null : LocalDate.parse(day);
            return wanted != null && isOfOurTimes(wanted.getYear()) ? wanted : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whether anybody is left out. */
    public boolean isNarrow() {
        return !(getPerson() + getCamera() + getWho() + getDay()).isEmpty();
    }

    /** As the query of a URL has it. */
    String query() {
        return "person=" + Texts.encoded(getPerson()) + "&camera=" + Texts.encoded(getCamera()) + "&day=" + getDay()
                + "&who=" + Texts.encoded(getWho());
    }

    /** Whether the database, and the calendars of all zones, have that year. */
    static boolean isOfOurTimes(int year) {
        return year >= FIRST_YEAR && year <= LAST_YEAR;
    }
}
