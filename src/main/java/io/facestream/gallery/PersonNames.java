package io.facestream.gallery;

import io.facestream.database.Sql;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** People of the gallery by their names, as migration 16 compares them. */
public final class PersonNames {
    /** The most that a notice lists. */
    private static final int MOST_TWINS = 3;

    private PersonNames() {}

    /**
     * The person of that name, locked until the transaction ends, so that its template is computed by one at a time. One whose name
     * was kept before names had a plain form is found by the plain form; of several the oldest.
     */
    public static Optional<Identity> find(EntityManager database, String name) {
        return Sql.among(
                        database,
                        sql -> sql.first(
                                "select i.id from facestream.identity i where i.kind = 'person'"
                                        + " and facestream.folded_name(i.name) = facestream.folded_name(?)"
                                        + " and facestream.plain_name(i.name) = ?"
                                        + " order by (i.name = ?) desc, i.created_at, i.id limit 1",
                                row -> row.getObject(1, UUID.class),
                                name,
                                name,
                                name))
                .map(Identity::lock);
    }

    /** A new person of that name, unless somebody else has just added it. */
    public static Identity add(EntityManager database, String name) {
        Sql.among(
                database,
                sql -> sql.execute(
                        "insert into facestream.identity as i (kind, name) values ('person', ?)"
                                // locks it
                                + " on conflict (name) where kind = 'person' do update set updated_at = i.updated_at",
                        name));
        return find(database, name).orElseThrow();
    }

    /** In words, whose names a reader takes for this person's; empty for nobody's. */
    public static Optional<String> twins(EntityManager database, Identity person) {
        List<String> names = Sql.among(
                database,
                sql -> sql.query(
                        "select i.name from facestream.identity i where i.kind = 'person'"
                                + " and facestream.folded_name(i.name) = facestream.folded_name(?) and i.id <> ?"
                                + " order by i.created_at, i.id limit " + MOST_TWINS,
                        row -> row.getString(1),
                        person.name,
                        person.id));
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("another person has nearly the same name: " + String.join(", ", names));
    }
}
