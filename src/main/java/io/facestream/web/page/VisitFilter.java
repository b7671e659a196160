package io.facestream.web.page;

import io.facestream.web.Texts;
import io.facestream.web.visits.VisitQuery;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;

/** Which visits a reader wants to see: the fields of the form above them. Null or empty leaves nobody out. */
public final class VisitFilter {
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
            return wanted != null && VisitQuery.isOfOurTimes(wanted.getYear()) ? wanted : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whether anybody is left out. */
    public boolean isNarrow() {
        return !(getPerson() + getCamera() + getWho() + getDay()).isEmpty();
    }

    /** The same for the database. */
    VisitQuery in(ZoneId zone) {
        LocalDate wanted = wantedDay();
        return new VisitQuery(
                getPerson(),
                getCamera(),
                wanted == null ? null : wanted.atStartOfDay(zone).toInstant(),
                wanted == null ? null : wanted.plusDays(1).atStartOfDay(zone).toInstant(),
                switch (getWho()) {
                    case "named" -> VisitQuery.Who.NAMED;
                    case "unnamed" -> VisitQuery.Who.UNNAMED;
                    default -> VisitQuery.Who.EVERYBODY;
                });
    }

    /** As the query of a URL has it. */
    String query() {
        return "person=" + Texts.encoded(getPerson()) + "&camera=" + Texts.encoded(getCamera()) + "&day=" + getDay()
                + "&who=" + Texts.encoded(getWho());
    }
}
