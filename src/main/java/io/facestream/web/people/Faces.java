package io.facestream.web.people;

import io.facestream.database.Sql;
import io.facestream.gallery.VectorText;
import io.facestream.web.ProblemException;
import io.facestream.web.identify.Seen;
import io.facestream.web.keys.ApiKey;
import io.facestream.web.users.WebSession;
import io.quarkus.security.UnauthorizedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Looks at faces of people for whoever asks. Each look is a row of the audit trail. */
@ApplicationScoped
public class Faces {
    private static final int MOST_ALIKE = 6;

    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    Faces(Instance<DataSource> database) {
        this.database = database;
    }

    /** The problem that there is no such photo. */
    public static ProblemException missing() {
        return new ProblemException("no-such-sample", "There is no such photo", 404, null);
    }

    /** The problem that no shot of somebody is kept, or nobody has that id. */
    public static ProblemException noShot() {
        return new ProblemException("no-shot", "There is no shot of them", 404, null);
    }

    /** Who looks most like a person, the nearest first. */
    public List<Person.Alike> alike(WebSession session, UUID person) throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.query(
                        "select p.id, p.name, p.distance, " + Gallery.FACE
                                + " from (select person_id as id, name, distance from facestream.look_alike(?, ?, "
                                + MOST_ALIKE + ")) p order by p.distance",
                        row -> new Person.Alike(
                                row.getObject(1, UUID.class),
                                row.getString(2),
                                Sql.decimal(row, "distance"),
                                row.getObject(4, UUID.class)),
                        session.tokenSha256(),
                        person));
    }

    /** The face of a photo, a PNG of 160x160. */
    public Optional<byte[]> of(UUID photo, WebSession viewer) throws SQLException {
        return face("select facestream.look_at_photo(?, ?)", viewer.tokenSha256(), photo);
    }

    /** The same for the owner of a key. */
    public Optional<byte[]> of(UUID photo, ApiKey viewer) throws SQLException {
        return face("select facestream.show_photo(?, ?)", viewer.sha256(), photo);
    }

    /** The best shot of a person's visits that is kept. */
    public Optional<byte[]> bestShot(UUID person, ApiKey viewer) throws SQLException {
        return face("select facestream.show_best_shot(?, ?)", viewer.sha256(), person);
    }

    /** The best face of a stranger. */
    public Optional<byte[]> ofStranger(UUID stranger, ApiKey viewer) throws SQLException {
        return face("select facestream.show_stranger(?, ?)", viewer.sha256(), stranger);
    }

    private Optional<byte[]> face(String query, byte[] viewer, UUID photo) throws SQLException {
        return Sql.on(database.get(), sql -> sql.first(query, row -> row.getBytes(1), viewer, photo));
    }

    /**
     * How far each face of a picture is from that of a photo, 0 to 2, in their order.
     *
     * @throws ProblemException {@code no-such-sample} (404)
     * @throws UnauthorizedException if the key was revoked meanwhile
     */
    public List<Float> distances(ApiKey key, Seen seen, UUID photo) throws SQLException {
        List<Float> distances = Sql.on(
                database.get(),
                sql -> sql.query(
                        "select distance from facestream.compare_with_photo(?, ?, ?, ?)",
                        row -> row.getObject(1, Float.class),
                        key.sha256(),
                        seen.version().version(),
                        photo,
                        Sql.array(
                                "text",
                                seen.faces().stream()
                                        .map(face -> VectorText.of(face.embedding()))
                                        .toArray())));
        if (distances.isEmpty()) {
            throw new UnauthorizedException();
        }
        if (distances.contains(null)) {
            throw missing();
        }
        return distances;
    }
}
