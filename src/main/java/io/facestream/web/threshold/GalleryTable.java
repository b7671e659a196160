package io.facestream.web.threshold;

import io.facestream.database.Sql;
import io.facestream.gallery.GalleryState;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** Reads what thresholds follow from, and who people are now. */
@ApplicationScoped
class GalleryTable {
    /** As whoever they are now; nobody if they were erased. Photos that do not count do not move the threshold. */
    private static final String PEOPLE =
            """
            select p.id, p.current_id, p.name,
                   (select count(*) from facestream.photos f
                    where f.enrolled and f.person_id in (
                        select p.current_id union all
                        select m.id from facestream.merged_person m where m.merged_into = p.current_id)) as photos
            from facestream.person p where p.id = any (?)""";

    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    GalleryTable(Instance<DataSource> database) {
        this.database = database;
    }

    /** The version in force, and what its threshold follows from. */
    record State(ModelVersion version, GalleryState gallery) {}

    State state() throws SQLException {
        ModelVersion version = new ModelRegistry(database.get()).active();
        GalleryState gallery = Sql.on(database.get(), sql -> sql.first(
                        "select templates, distance_shift from facestream.gallery_size(?)",
                        row -> new GalleryState(0, row.getLong(1), row.getFloat(2)),
                        version.version())
                .orElseThrow());
        return new State(version, gallery);
    }

    /** Who people are now, by the ids that they had; those who are gone are absent. */
    Map<UUID, KnownPerson> people(Collection<UUID> ids) throws SQLException {
        Map<UUID, KnownPerson> found = new HashMap<>();
        Sql.on(
                database.get(),
                sql -> sql.query(
                        PEOPLE,
                        row -> found.put(row.getObject("id", UUID.class), person(row)),
                        Sql.array("uuid", ids.toArray())));
        return found;
    }

    private static KnownPerson person(ResultSet row) throws SQLException {
        return new KnownPerson(
                row.getObject("current_id", UUID.class), row.getString("name"), Math.max(1, row.getInt("photos")));
    }
}
