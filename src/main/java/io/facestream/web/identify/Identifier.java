package io.facestream.web.identify;

import io.facestream.gallery.GalleryStates;
import io.facestream.identities.Matcher;
import io.facestream.identities.MatchingConfig;
import io.facestream.web.keys.ApiKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Names the faces of a picture for the owner of a key. */
@ApplicationScoped
public class Identifier {
    private final MatchingConfig config;
    private final Instance<DataSource> database;
    private final GalleryStates states = new GalleryStates();

    /** @param database present if the role is switched on */
    Identifier(MatchingConfig config, Instance<DataSource> database) {
        this.config = config;
        this.database = database;
    }

    /**
     * The decision about each face, in their order.
     *
     * @param route of the API, as the audit trail names it
     * @throws io.quarkus.security.UnauthorizedException if the key was revoked meanwhile
     */
    public List<Matcher.Match> identify(Seen seen, ApiKey key, String route) throws SQLException {
        if (seen.faces().isEmpty()) {
            return List.of();
        }
        return new Matcher(new AuditedGallery(database.get(), states, key, route), config)
                .match(
                        seen.version(),
                        seen.faces().stream()
                                .map(face -> new Matcher.Probe(face.embedding(), face.quality()))
                                .toList());
    }
}
