package io.facestream.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.ws.rs.QueryParam;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.LocalDate;

/** Which visits a reader wants to see: the fields of the form above them. Null or empty is no wish. */
public final class Wish {
    private static final int LONGEST = 256;
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
        return cut(person);
    }

    public String getCamera() {
        return cut(camera);
    }

    public String getWho() {
        return cut(who);
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
        return "person=" + encoded(getPerson()) + "&camera=" + encoded(getCamera()) + "&day=" + getDay() + "&who="
                + encoded(getWho());
    }

    /** Whether the database, and the calendars of all zones, have that year. */
    static boolean isOfOurTimes(int year) {
        return year >= FIRST_YEAR && year <= LAST_YEAR;
    }

    /** Texts of the database have no U+0000. */
    static String storable(String value) {
        return value.replace("\u0000", "");
    }

    private static String cut(String value) {
        String present = value == null ? "" : storable(value).strip();
        return present.length() > LONGEST ? present.substring(0, LONGEST) : present;
    }

    /** The pattern of texts that contain this one. */
    static String containing(String text) {
        return "%" + text.replaceAll("([\\\\%_])", "\\\\$1") + "%";
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, UTF_8);
    }
}
