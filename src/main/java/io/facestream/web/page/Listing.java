package io.facestream.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Sha256;
import io.facestream.web.visits.Visit;
import io.facestream.web.visits.Visits;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Visits of a page, the latest first, by day.
 *
 * @param days of the reader's calendar
 * @param query the reader's filter, as URLs have it
 * @param from the place of the last visit, so that news can be asked for down to it; empty if there is none
 * @param earlier the same if there are earlier ones; null if not
 * @param crowded whether more people have that name than are searched
 * @param version changes with what is shown
 * @param pause seconds between two questions for news; 0 where none can come
 */
public record Listing(
        List<Day> days, String query, String from, String earlier, boolean crowded, String version, int pause) {
    private static final int VERSION = 8;
    private static final int PAUSE = 2;

    /** A search by name costs more. */
    private static final int PAUSE_OF_SEARCH = 15;

    /** @param titled whether the day's name stands above; not where the list goes on with the day before it */
    public record Day(LocalDate day, boolean titled, List<Visit> visits) {}

    public boolean isEmpty() {
        return days.isEmpty();
    }

    /** Whether a socket tells of news; the questions are for where there is none. */
    public boolean isTold() {
        return pause == PAUSE;
    }

    private static int pause(VisitFilter filter, Reader reader) {
        LocalDate day = filter.wantedDay();
        if (day != null && reader.daysAgo(day) > 0) {
            return 0;
        }
        return filter.getPerson().isEmpty() ? PAUSE : PAUSE_OF_SEARCH;
    }

    /** Whether these are not all the news that a page lacks: it is drawn anew as a whole. */
    boolean isCut() {
        return earlier != null;
    }

    /** @param before the day that the list goes on with; null if it begins here */
    static Listing of(Visits.Found found, LocalDate before, Reader reader, VisitFilter filter) {
        List<Visit> visits = found.visits();
        List<Day> days = new ArrayList<>();
        for (Visit visit : visits) {
            LocalDate day = reader.dayOf(visit.firstSeen());
            if (days.isEmpty() || !days.get(days.size() - 1).day().equals(day)) {
                days.add(new Day(day, !day.equals(before), new ArrayList<>()));
            }
            days.get(days.size() - 1).visits().add(visit);
        }
        String from =
                visits.isEmpty() ? "" : visits.get(visits.size() - 1).cursor().text();
        byte[] hash = Sha256.of((reader.zone() + visits.toString()).getBytes(UTF_8));
        return new Listing(
                days,
                filter.query(),
                from,
                found.more() ? from : null,
                found.crowded(),
                HexFormat.of().formatHex(hash, 0, VERSION),
                pause(filter, reader));
    }
}
