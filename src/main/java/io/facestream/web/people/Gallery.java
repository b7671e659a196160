package io.facestream.web.people;

import io.facestream.database.Sql;
import io.facestream.web.ProblemException;
import io.facestream.web.Texts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Reads people and their photos from the database. */
@ApplicationScoped
public class Gallery {
    private static final int MOST_PHOTOS = 200;

    /** A face that stands for somebody: of those that count, the one that has been there longest. */
    static final String FACE = "(select f.id from facestream.photos f where f.person_id = p.id"
            + " order by f.enrolled desc, f.created_at, f.id limit 1)";

    private static final String DETAILS =
            """
            select p.id, p.name, p.photos, p.tags, p.former_names, p.ignored, %s as face, v.camera, v.first_seen
            from (%s) p left join lateral facestream.last_visit(p.id) v on true
            order by p.name""";

    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    Gallery(Instance<DataSource> database) {
        this.database = database;
    }

    /**
     * A page of people by name.
     *
     * @param text a part of the name; empty for all
     * @param tag of all of them; empty for all
     * @param after the name after which the page begins; empty for the first page
     * @param most people of the page
     */
    public Person.Listing people(String text, String tag, String after, int most) throws SQLException {
        String page = "select * from facestream.people where (? = '' or name > ?) and (? = '' or name ilike ?)"
                + " and (? = '' or id in (select t.identity_id from facestream.person_tag t where t.tag = ?))"
                + " order by name limit " + (most + 1);
        List<Person> found = Sql.on(
                database.get(),
                sql -> sql.query(
                        DETAILS.formatted(FACE, page),
                        Gallery::person,
                        after,
                        after,
                        text,
                        Texts.containing(text),
                        tag,
                        tag));
        boolean more = found.size() > most;
        List<Person> people = more ? found.subList(0, most) : found;
        return new Person.Listing(people, text, tag, more ? people.get(most - 1).name() : null);
    }

    /**
     * The person of an id, or the one into whom that one was merged.
     *
     * @throws ProblemException {@code no-person} (404) if there is none
     */
    public Person person(UUID id) throws SQLException {
        String one = "select * from facestream.people"
                + " where id = (select q.current_id from facestream.person q where q.id = ?)";
        return Sql.on(database.get(), sql -> sql.first(DETAILS.formatted(FACE, one), Gallery::person, id))
                .orElseThrow(Gallery::nobody);
    }

    public static ProblemException nobody() {
        return new ProblemException("no-person", "There is nobody of that id", 404, null);
    }

    private static Person person(ResultSet row) throws SQLException {
        return new Person(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getInt("photos"),
                Sql.strings(row, "tags"),
                Sql.strings(row, "former_names"),
                row.getBoolean("ignored"),
                row.getObject("face", UUID.class),
                row.getString("camera"),
                Sql.instant(row, "first_seen"));
    }

    /** The latest first; those that count before the others. */
    public List<Person.Photo> photos(UUID person) throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.query(
                        "select id, enrolled, created_at, (quality ->> 'size')::float8 as size,"
                                + " (quality ->> 'sharpness')::float8 as sharpness,"
                                + " (quality ->> 'norm')::float8 as norm"
                                + " from facestream.photos where person_id = ?"
                                + " order by enrolled desc, created_at desc, id limit " + MOST_PHOTOS,
                        row -> new Person.Photo(
                                row.getObject(1, UUID.class),
                                row.getBoolean(2),
                                Sql.instant(row, "created_at"),
                                quality(row)),
                        person));
    }

    private static Person.PhotoQuality quality(ResultSet row) throws SQLException {
        double size = row.getDouble("size");
        return row.wasNull()
                ? null
                : new Person.PhotoQuality(
                        Math.round(size), Math.round(row.getDouble("sharpness")), Math.round(row.getDouble("norm")));
    }
}
