package io.facestream.web.page;

import io.facestream.database.Sql;
import io.facestream.web.users.WebSession;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Reads strangers from the database. */
@ApplicationScoped
class Strangers {
    /** Strangers of a page. */
    static final int PAGE = 60;

    private static final String QUERY =
            """
            select s.*, array(select c.id from facestream.stranger_chips c
                              where c.kept_as in (
                                  select s.id union all
                                  select m.id from facestream.merged_person m where m.merged_into = s.id)
                              order by c.created_at desc, c.id limit 5) as faces
            from facestream.strangers s where (? = '' or s.camera = ?)
            order by s.last_seen desc nulls last, s.kept_at desc, s.id offset ? limit ?""";

    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    Strangers(Instance<DataSource> database) {
        this.database = database;
    }

    /**
     * A page of strangers, who was seen last first.
     *
     * @param camera where they were seen last; empty for all
     * @param from number of strangers before the page
     */
    Stranger.Listing strangers(String camera, int from) throws SQLException {
        List<Stranger> found = Sql.on(
                database.get(),
                sql -> sql.query(QUERY, Strangers::stranger, camera, camera, Math.max(0, from), PAGE + 1));
        boolean more = found.size() > PAGE;
        return new Stranger.Listing(more ? found.subList(0, PAGE) : found, camera, more ? from + PAGE : 0);
    }

    private static Stranger stranger(ResultSet row) throws SQLException {
        return new Stranger(
                row.getObject("id", UUID.class),
                Arrays.asList((UUID[]) row.getArray("faces").getArray()),
                row.getInt("visits"),
                row.getString("camera"),
                Sql.instant(row, "last_seen"),
                Sql.instant(row, "expires_at"),
                row.getBoolean("ignored"));
    }

    /** The face of a chip, a PNG; leaves a row in the audit trail. */
    Optional<byte[]> face(WebSession session, UUID chip) throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.first(
                        "select facestream.look_at_stranger(?, ?)",
                        row -> row.getBytes(1),
                        session.tokenSha256(),
                        chip));
    }
}
