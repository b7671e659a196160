package io.facestream.web.visits;

import io.facestream.database.Sql;
import io.facestream.faces.ChipPlace;
import io.facestream.web.ProblemException;
import io.facestream.web.Texts;
import io.facestream.web.users.WebSession;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** Reads visits from the database. */
@ApplicationScoped
public class Visits {
    /** People whose names a search may find. */
    private static final int MOST_PEOPLE = 100;

    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

    private final Instance<DataSource> database;
    private final FacesTopic faces;

    /** @param database present if the role is switched on */
    Visits(Instance<DataSource> database, FacesTopic faces) {
        this.database = database;
        this.faces = faces;
    }

    /**
     * Some visits, the latest first.
     *
     * @param more whether there are earlier ones
     * @param crowded whether more people have the name that was asked for than are searched
     */
    public record Found(List<Visit> visits, boolean more, boolean crowded) {
        public Found {
            visits = List.copyOf(visits);
        }
    }

    /** Where a frame is on the topic of frames. */
    public record FramePlace(int partition, long offset) {}

    /** The latest. */
    public Found latest(VisitQuery query, int most) throws SQLException {
        return found(conditions(query), most);
    }

    /** The latest, down to a place. */
    public Found downTo(VisitQuery query, Cursor place, int most) throws SQLException {
        return found(
                conditions(query)
                        .add("first_seen >= ?", place.firstSeen())
                        .add(
                                "(first_seen, source, sighting_id) >= (?, ?, ?)",
                                place.firstSeen(),
                                place.source(),
                                place.id()),
                most);
    }

    /** Those before a place. */
    public Found before(VisitQuery query, Cursor place, int most) throws SQLException {
        return found(
                conditions(query)
                        .add("first_seen <= ?", place.firstSeen())
                        .add(
                                "(first_seen, source, sighting_id) < (?, ?, ?)",
                                place.firstSeen(),
                                place.source(),
                                place.id()),
                most);
    }

    /** Where the frame of a visit's best view is, as long as the topic keeps it. */
    public Optional<FramePlace> frame(String source, String id) throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.first(
                        "select frame_partition, frame_offset from facestream.visit"
                                + " where source = ? and sighting_id = ?"
                                + " and frame_partition is not null and frame_offset is not null"
                                + " order by first_seen desc limit 1",
                        row -> new FramePlace(row.getInt(1), row.getLong(2)),
                        source,
                        id));
    }

    private Found found(Conditions conditions, int most) throws SQLException {
        List<Visit> found = Sql.on(
                database.get(),
                sql -> sql.query(
                        "select " + Visit.COLUMNS + " from facestream.visit where " + conditions.sql()
                                + " order by first_seen desc, source desc, sighting_id desc limit " + (most + 1),
                        Visit::of,
                        conditions.parameters()));
        boolean more = found.size() > most;
        return new Found(more ? found.subList(0, most) : found, more, conditions.isCut);
    }

    private Conditions conditions(VisitQuery query) throws SQLException {
        Conditions conditions = new Conditions();
        if (query.since() != null) {
            conditions.add("first_seen >= ?", query.since());
        }
        if (query.until() != null) {
            conditions.add("first_seen < ?", query.until());
        }
        if (!query.camera().isEmpty()) {
            conditions.add("camera = ?", query.camera());
        }
        if (!query.person().isEmpty()) {
            List<UUID> found = peopleOf(query.person());
            conditions.isCut = found.size() > MOST_PEOPLE;
            List<UUID> people = conditions.isCut ? found.subList(0, MOST_PEOPLE) : found;
            conditions.add("told_of = any (?)", Sql.array("uuid", withMerged(people)));
        }
        switch (query.who()) {
            case NAMED -> conditions.add("told_of is not null").add("kind = 'person'");
            case UNNAMED -> conditions.add("kind <> 'person'");
            case EVERYBODY -> {
                // nobody is left out
            }
        }
        return conditions;
    }

    /** Whoever has or had that id, a stranger too, or people whose name contains the text: one more than may be searched. */
    private List<UUID> peopleOf(String text) throws SQLException {
        if (ID.matcher(text).matches()) {
            return Sql.on(
                    database.get(),
                    sql -> sql.query(
                            "select id from facestream.identity_of(?) id where id is not null",
                            row -> row.getObject(1, UUID.class),
                            text));
        }
        return Sql.on(
                database.get(),
                sql -> sql.query(
                        "select id from facestream.people where name ilike ? order by name, id limit "
                                + (MOST_PEOPLE + 1),
                        row -> row.getObject(1, UUID.class),
                        Texts.containing(text)));
    }

    /** All ids of people, and of those who were merged into them. */
    private Object[] withMerged(List<UUID> people) throws SQLException {
        List<UUID> merged = Sql.on(
                database.get(),
                sql -> sql.query(
                        "select id from facestream.merged_person where merged_into = any (?)",
                        row -> row.getObject(1, UUID.class),
                        Sql.array("uuid", people.toArray())));
        return Stream.concat(people.stream(), merged.stream()).toArray();
    }

    /** @throws ProblemException {@code no-visit} (404) if there is none */
    public Visit find(String source, String id) throws SQLException {
        return Sql.on(
                        database.get(),
                        sql -> sql.first(
                                "select " + Visit.COLUMNS
                                        + " from facestream.visit where source = ? and sighting_id = ?"
                                        + " order by first_seen desc limit 1",
                                Visit::of,
                                source,
                                id))
                .orElseThrow(() -> new ProblemException("no-visit", "There is no such visit", 404, null));
    }

    /** The visit to a camera that a face of that moment is of, rather that person's than another one's. */
    public Optional<Visit> at(String camera, Instant moment, UUID person) throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.first(
                        "select " + Visit.COLUMNS
                                + " from facestream.visit where camera = ?"
                                + " and first_seen between ?::timestamptz - interval '1 hour' and ? and last_seen >= ?"
                                + " order by person_id is not distinct from ? desc, first_seen desc limit 1",
                        Visit::of,
                        camera,
                        moment,
                        moment,
                        moment,
                        person));
    }

    /** Cameras that somebody visited, the latest first. */
    public List<Camera> cameras() throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.query(
                        "select camera, last_seen from facestream.visited_cameras() order by last_seen desc, camera",
                        row -> new Camera(row.getString(1), Sql.instant(row, "last_seen"))));
    }

    /** Why people of the last hours were not named. Near a stranger who is kept is near nobody. */
    public WhyUnnamed whyUnnamed(int hours) throws SQLException {
        List<WhyUnnamed.Reason> all = Sql.on(
                database.get(),
                sql -> sql.query(
                        "select case kind when 'unknown' then coalesce(reason, '')"
                                + " when 'stranger' then 'nobody-near' end, count(*)"
                                + " from facestream.visit where first_seen > now() - ? * interval '1 hour'"
                                + " group by 1 order by 2 desc, 1",
                        row -> new WhyUnnamed.Reason(row.getString(1), row.getLong(2)),
                        hours));
        long named = all.stream()
                .filter(each -> each.reason() == null)
                .mapToLong(WhyUnnamed.Reason::visits)
                .sum();
        return new WhyUnnamed(
                all.stream().mapToLong(WhyUnnamed.Reason::visits).sum(),
                named,
                all.stream().filter(each -> each.reason() != null).toList());
    }

    /** The face of a visit that shows it best, a PNG; leaves a row in the audit trail. */
    public Optional<byte[]> shot(WebSession session, String source, String visit) throws SQLException {
        Optional<byte[]> kept = Sql.on(
                database.get(),
                sql -> sql.first(
                        "select facestream.look_at_shot(?, ?, ?)",
                        row -> row.getBytes(1),
                        session.tokenSha256(),
                        source,
                        visit));
        if (kept.isPresent()) {
            return kept;
        }
        Optional<byte[]> onTopic = chip(source, visit).flatMap(faces::at);
        return onTopic.isPresent() && isLookRecorded(session, source, visit) ? onTopic : Optional.empty();
    }

    private Optional<ChipPlace> chip(String source, String visit) throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.first(
                        "select face, chip_partition, chip_offset from facestream.visit"
                                + " where source = ? and sighting_id = ? and " + Visit.IS_RECENT
                                + " and face is not null and chip_partition is not null and chip_offset is not null"
                                + " order by first_seen desc limit 1",
                        row -> FacesTopic.place(source, row.getString(1), row.getInt(2), row.getLong(3)),
                        source,
                        visit));
    }

    private boolean isLookRecorded(WebSession session, String source, String visit) throws SQLException {
        return Sql.on(
                        database.get(),
                        sql -> sql.first(
                                "select facestream.look_at_face(?, ?, ?)",
                                row -> row.getBoolean(1),
                                session.tokenSha256(),
                                source,
                                visit))
                .orElse(false);
    }

    private static final class Conditions {
        private final List<String> all = new ArrayList<>(List.of("true"));
        private final List<Object> parameters = new ArrayList<>();
        private boolean isCut;

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
