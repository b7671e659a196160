package io.facestream.web.identify;

import io.facestream.database.Sql;
import io.facestream.embeddings.Embedding;
import io.facestream.gallery.Gallery;
import io.facestream.gallery.GalleryState;
import io.facestream.gallery.GalleryStates;
import io.facestream.gallery.Neighbour;
import io.facestream.gallery.VectorText;
import io.facestream.models.ModelVersion;
import io.facestream.web.keys.ApiKey;
import io.quarkus.security.UnauthorizedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** The gallery as the owner of a key may search it: each search leaves a row in the audit trail. */
final class AuditedGallery implements Gallery {
    private static final String SEARCH = "select revision, place, identity_id, name, distance, samples, ruled_out"
            + " from facestream.search_people(?, ?, ?, ?, ?)";
    private static final String SIZE = "select templates, distance_shift from facestream.gallery_size(?)";

    private final DataSource database;
    private final GalleryStates states;
    private final ApiKey key;
    private final String route;

    /** @param route of the API, as the trail names it */
    AuditedGallery(DataSource database, GalleryStates states, ApiKey key, String route) {
        this.database = database;
        this.states = states;
        this.key = key;
        this.route = route;
    }

    /** @throws UnauthorizedException if the key was revoked meanwhile */
    @Override
    public Result nearest(ModelVersion version, List<Embedding> probes, int k) throws SQLException {
        List<List<Neighbour>> neighbours = new ArrayList<>(probes.size());
        probes.forEach(probe -> neighbours.add(new ArrayList<>(k)));
        return Sql.on(database, sql -> {
            List<Long> revisions = sql.query(
                    SEARCH,
                    row -> read(row, neighbours),
                    key.sha256(),
                    route,
                    version.version(),
                    Sql.array("text", probes.stream().map(VectorText::of).toArray()),
                    k);
            if (revisions.isEmpty()) {
                throw new UnauthorizedException();
            }
            return new Result(state(sql, version, revisions.get(0)), neighbours);
        });
    }

    /** Returns the gallery's revision. */
    private static long read(ResultSet row, List<List<Neighbour>> neighbours) throws SQLException {
        int place = row.getInt("place");
        if (!row.wasNull()) {
            neighbours
                    .get(place - 1)
                    .add(new Neighbour(
                            row.getObject("identity_id", UUID.class),
                            row.getString("name"),
                            row.getFloat("distance"),
                            row.getInt("samples"),
                            row.getBoolean("ruled_out")));
        }
        return row.getLong("revision");
    }

    private GalleryState state(Sql sql, ModelVersion version, long revision) throws SQLException {
        return states.of(version.version(), revision, () -> sql.first(
                        SIZE, row -> new GalleryState(revision, row.getLong(1), row.getFloat(2)), version.version())
                .orElseThrow());
    }
}
