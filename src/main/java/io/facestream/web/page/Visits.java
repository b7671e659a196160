package io.facestream.web.page;

import io.facestream.database.Sql;
import io.facestream.web.users.WebSession;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Reads visits from the database. */
@ApplicationScoped
class Visits {
    /** Visits of a page. */
    static final int PAGE = 50;

    /** The most that are shown as news come; whoever wants more loads the page anew. */
    private static final int MOST_NEWS = 500;

    /** Visits on a person's page. */
    private static final int LATEST = 5;

    /** People whose names a search may find. */
    private static final int MOST_PEOPLE = 100;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    Visits(Instance<DataSource> database) {
        this.database = database;
    }

    /** The latest, down to a place; a page of them if that is null. */
    Listing newest(VisitFilter filter, Cursor from, Reader reader) throws SQLException {
        Conditions conditions = conditions(filter, reader);
        if (from != null) {
            conditions
                    .add("first_seen >= ?", from.firstSeen())
                    .add("(first_seen, source, sighting_id) >= (?, ?, ?)", from.firstSeen(), from.source(), from.id());
        }
        return listing(conditions, from == null ? PAGE : MOST_NEWS, null, reader, filter);
    }

    /** The latest of a person. */
    Listing of(UUID person, Reader reader) throws SQLException {
        VisitFilter filter = new VisitFilter();
        filter.person = person.toString();
        return listing(conditions(filter, reader), LATEST, null, reader, filter);
    }

    /** A page of those before a place. */
    Listing earlier(VisitFilter filter, Cursor before, Reader reader) throws SQLException {
        Conditions conditions = conditions(filter, reader)
                .add("first_seen <= ?", before.firstSeen())
                .add("(first_seen, source, sighting_id) < (?, ?, ?)", before.firstSeen(), before.source(), before.id());
        return listing(conditions, PAGE, reader.dayOf(before.firstSeen()), reader, filter);
    }

    private Listing listing(Conditions conditions, int most, LocalDate before, Reader reader, VisitFilter filter)
            throws SQLException {
        List<Visit> found = Sql.on(
                database.get(),
                sql -> sql.query(
                        "select " + Visit.COLUMNS + " from facestream.visit where " + conditions.sql()
                                + " order by first_seen desc, source desc, sighting_id desc limit " + (most + 1),
                        Visit::of,
                        conditions.parameters()));
        boolean more = found.size() > most;
        return Listing.of(more ? found.subList(0, most) : found, more, before, reader, filter);
    }

    private Conditions conditions(VisitFilter filter, Reader reader) throws SQLException {
        Conditions conditions = new Conditions();
        LocalDate day = filter.wantedDay();
        if (day != null) {
            conditions
                    .add("first_seen >= ?", day.atStartOfDay(reader.zone()).toInstant())
                    .add(
                            "first_seen < ?",
                            day.plusDays(1).atStartOfDay(reader.zone()).toInstant());
        }
        if (!filter.getCamera().isEmpty()) {
            conditions.add("camera = ?", filter.getCamera());
        }
        if (!filter.getPerson().isEmpty()) {
            conditions.add("told_of = any (?)", Sql.array("uuid", idsOf(filter.getPerson())));
        }
        switch (filter.getWho()) {
            case "named" -> conditions.add("told_of is not null").add("kind = 'person'");
            case "unnamed" -> conditions.add("told_of is null");
            default -> {
                // everybody
            }
        }
        return conditions;
    }

    /** All ids of people whose name contains that text, or whose id it is, and of those who were merged into them. */
    private Object[] idsOf(String text) throws SQLException {
        boolean isId = ID.matcher(text).matches();
        return Sql.on(database.get(), sql -> sql.query(
                        "with found as ("
                                + (isId
                                        ? "select ?::uuid as id" // also a stranger's
                                        : "select id from facestream.people where name ilike ? order by name, id limit "
                                                + MOST_PEOPLE)
                                + ") select id from found union all select m.id from facestream.merged_person m"
                                + " where m.merged_into in (select id from found)",
                        row -> row.getObject(1, UUID.class),
                        isId ? text : Texts.containing(text))
                .toArray());
    }

    List<String> cameras() throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.query("select camera from facestream.visited_cameras()", row -> row.getString(1)));
    }

    /** The best shot of a visit, a PNG; leaves a row in the audit trail. */
    Optional<byte[]> shot(WebSession session, String source, String visit) throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.first(
                        "select facestream.look_at_shot(?, ?, ?)",
                        row -> row.getBytes(1),
                        session.tokenSha256(),
                        source,
                        visit));
    }

    private static final class Conditions {
        private final List<String> all = new ArrayList<>(List.of("true"));
        private final List<Object> parameters = new ArrayList<>();

        Conditions add(String condition, Object... values) {
            all.add(condition);
            parameters.addAll(Arrays.asList(values));
            return this;
        }

        String sql() {
            return String.join(" and ", all);
        }

        Object[] parameters() {
            return parameters.toArray();
        }
    }
}
