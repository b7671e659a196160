package io.facestream.gallery;

import io.facestream.database.Sql;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Finds people of the gallery by name, with the comparison of migration 16, and by those that they had before. */
public final class PersonNames {
    /** The most names in a notice. */
    private static final int MOST_TWINS = 3;

    private PersonNames() {}

    /**
     * The person of that name, or who had it before, locked until the transaction ends, so that only one process
     * computes its template. A name stored before plain names were introduced is matched by its plain form; of several
     * matches the oldest is taken.
     */
    public static Optional<Identity> find(EntityManager database, String name) {
        while (true) {
            Optional<Identity> found = Sql.among(
                            database,
                            sql -> sql.first(
                                    "select facestream.person_named(?)", row -> row.getObject(1, UUID.class), name))
                    .map(Identity::lock);
            // Merged while this waited for the lock: look again.
            if (found.isEmpty() || found.get().mergedInto == null) {
                return found;
            }
            database.detach(found.get());
        }
    }

    /** Adds a person of that name, or returns the one that somebody else has just added. */
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

    /** A notice about other people whose names look like this person's; empty if there are none. */
    public static Optional<String> twins(EntityManager database, Identity person) {
        List<String> names = Sql.among(
                database,
                sql -> sql.query(
                        "select i.name from facestream.identity i where i.kind = 'person' and i.merged_into is null"
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
