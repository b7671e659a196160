package io.facestream.web.health;

import io.facestream.database.Sql;
import io.facestream.web.cameras.Cameras;
import io.facestream.web.cameras.FramesTopic;
import io.facestream.web.keys.Roles;
import io.facestream.web.page.Pages;
import io.facestream.web.page.Reader;
import io.facestream.web.page.Readers;
import io.facestream.web.users.WebSession;
import io.facestream.web.visits.Visits;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** How it goes: who is named, cameras, stages, rejected records, disks, erasures. */
@Path("/health")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(Pages.HTML)
public class HealthResource {
    private static final int DAY = 24;
    private static final int MOST_ERASURES = 100;

    private final Cameras cameras;
    private final Visits visits;
    private final Instance<DataSource> database;
    private final StorageTable storage;
    private final BrokerTopic broker;
    private final RejectsTopic rejects;
    private final FramesTopic pictures;
    private final Readers readers;
    private final SecurityIdentity caller;

    /** @param database present if the role is switched on */
    HealthResource(
            Cameras cameras,
            Visits visits,
            Instance<DataSource> database,
            StorageTable storage,
            BrokerTopic broker,
            RejectsTopic rejects,
            FramesTopic pictures,
            Readers readers,
            SecurityIdentity caller) {
        this.cameras = cameras;
        this.visits = visits;
        this.database = database;
        this.storage = storage;
        this.broker = broker;
        this.rejects = rejects;
        this.pictures = pictures;
        this.readers = readers;
        this.caller = caller;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance health() throws SQLException {
        Reader reader = readers.signedIn();
        return HealthPages.health(reader, new Health(cameras.all(), visits.whyUnnamed(DAY), erasures(), storage.read()))
                .setLocale(reader.locale());
    }

    /** What the broker says, which the page asks for when it is there: it may take a while. */
    @GET
    @Path("broker")
    @Operation(hidden = true)
    public TemplateInstance broker() {
        Reader reader = readers.signedIn();
        return HealthPages.broker(reader, broker.look(), rejects.latest()).setLocale(reader.locale());
    }

    /** A frame that was rejected. */
    @GET
    @Path("rejects/{partition}/{offset}/picture")
    @RolesAllowed(Roles.OPERATOR)
    @Produces({"image/jpeg", "image/png", "image/webp"})
    @Operation(hidden = true)
    public Response picture(@PathParam("partition") int partition, @PathParam("offset") long offset)
            throws SQLException {
        return pictures.show(WebSession.of(caller), rejects.picture(partition, offset));
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
