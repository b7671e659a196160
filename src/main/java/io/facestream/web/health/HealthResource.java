package io.facestream.web.page;

import io.facestream.database.Sql;
import io.facestream.web.keys.Roles;
import io.facestream.web.visits.Visits;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Cameras, why nobody was named, and which erasures are not verified. */
@Path("/health")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(Pages.HTML)
public class HealthResource {
    private static final int DAY = 24;
    private static final int MOST_ERASURES = 100;

    private final Visits visits;
    private final Instance<DataSource> database;
    private final Readers readers;

    /** @param database present if the role is switched on */
    HealthResource(Visits visits, Instance<DataSource> database, Readers readers) {
        this.visits = visits;
        this.database = database;
        this.readers = readers;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance health() throws SQLException {
        Reader reader = readers.signedIn();
        return Pages.health(reader, new Health(visits.cameras(), visits.whyUnnamed(DAY), erasures()))
                .setLocale(reader.locale());
    }

    private List<Health.Erasure> erasures() throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.query(
                        "select erased_at, waiting_for from facestream.erasures where verified_at is null"
                                + " order by erased_at limit " + MOST_ERASURES,
                        row -> new Health.Erasure(Sql.instant(row, "erased_at"), row.getString(2))));
    }
}
