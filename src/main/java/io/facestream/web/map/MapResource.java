package io.facestream.web.map;

import io.facestream.database.Sql;
import io.facestream.web.keys.Roles;
import io.facestream.web.page.Pages;
import io.facestream.web.page.Reader;
import io.facestream.web.page.Readers;
import io.facestream.web.users.WebSession;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Shows who lies close to whom in the gallery. */
@Path("/map")
@Blocking
@RolesAllowed(Roles.OPERATOR)
@Produces(Pages.HTML)
public class MapResource {
    /** More circles than that keep a browser busy. */
    private static final int MOST = 2_000;

    private final Instance<DataSource> database;
    private final Readers readers;
    private final SecurityIdentity caller;

    /** @param database present if the role is switched on */
    MapResource(Instance<DataSource> database, Readers readers, SecurityIdentity caller) {
        this.database = database;
        this.readers = readers;
        this.caller = caller;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance map() throws SQLException {
        Reader reader = readers.signedIn();
        List<PeopleMap.Place> places = Sql.on(
                database.get(),
                sql -> sql.query(
                        "select * from facestream.gallery_map(?, ?)",
                        row -> new PeopleMap.Place(
                                row.getObject("person_id", UUID.class),
                                row.getString("name"),
                                Sql.decimal(row, "x"),
                                Sql.decimal(row, "y")),
                        WebSession.of(caller).tokenSha256(),
                        MOST));
        return MapPages.peoplemap(reader, PeopleMap.of(places, places.size() == MOST))
                .setLocale(reader.locale());
    }
}
