package io.facestream.web.page;

import io.facestream.web.keys.Roles;
import io.facestream.web.visits.Visits;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.sql.SQLException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Cameras, and why nobody was named. */
@Path("/health")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(Pages.HTML)
public class HealthResource {
    private static final int DAY = 24;

    private final Visits visits;
    private final Readers readers;

    HealthResource(Visits visits, Readers readers) {
        this.visits = visits;
        this.readers = readers;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance health() throws SQLException {
        Reader reader = readers.signedIn();
        return Pages.health(reader, new Health(visits.cameras(), visits.whyUnnamed(DAY)))
                .setLocale(reader.locale());
    }
}
