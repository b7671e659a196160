package io.facestream.web.page;

import io.facestream.database.Sql;
import io.facestream.web.keys.Roles;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Cameras, why nobody was named, and which erasures are not verified. */
@Path("/health")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(Pages.HTML)
public class HealthResource {
    private static final int MOST_ERASURES = 100;

    private final Instance<DataSource> database;
    private final Readers readers;

    /** @param database present if the role is switched on */
    HealthResource(Instance<DataSource> database, Readers readers) {
        this.database = database;
        this.readers = readers;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance health() throws SQLException {
        Reader reader = readers.signedIn();
        return Pages.health(reader, Sql.on(database.get(), HealthResource::read))
                .setLocale(reader.locale());
    }

    private static Health read(Sql sql) throws SQLException {
        List<Health.Camera> cameras = sql.query(
                "select camera, last_seen from facestream.visited_cameras() order by last_seen desc",
                row -> new Health.Camera(
                        row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant()));
        List<Health.Reason> all = sql.query(
                "select case when told_of is null then coalesce(reason, '') end, count(*) from facestream.visit"
                        + " where first_seen > now() - interval '1 day' group by 1 order by 2 desc, 1",
                row -> new Health.Reason(row.getString(1), row.getLong(2)));
        long named = all.stream()
                .filter(each -> each.reason() == null)
                .mapToLong(Health.Reason::visits)
                .sum();
        return new Health(
                cameras,
                all.stream().mapToLong(Health.Reason::visits).sum(),
                named,
                all.stream().filter(each -> each.reason() != null).toList(),
                sql.query(
                        "select erased_at, waiting_for from facestream.erasures where verified_at is null"
                                + " order by erased_at limit " + MOST_ERASURES,
                        row -> new Health.Erasure(
                                row.getObject(1, OffsetDateTime.class).toInstant(), row.getString(2))));
    }
}
