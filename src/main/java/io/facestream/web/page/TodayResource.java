package io.facestream.web.page;

import io.facestream.web.ProblemException;
import io.facestream.web.keys.Roles;
import io.facestream.web.users.WebSession;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Visits as they come. */
@Path("/")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(Pages.HTML)
public class TodayResource {
    private final Visits visits;
    private final Readers readers;
    private final SecurityIdentity caller;

    TodayResource(Visits visits, Readers readers, SecurityIdentity caller) {
        this.visits = visits;
        this.readers = readers;
        this.caller = caller;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance today(@BeanParam VisitFilter filter) throws SQLException {
        Reader reader = readers.signedIn();
        return Pages.today(reader, filter, visits.newest(filter, null, reader), visits.cameras())
                .setLocale(reader.locale());
    }

    /** The latest visits, if they are not as the reader has them: the page asks every few seconds. */
    @GET
    @Path("visits")
    @Operation(hidden = true)
    public Response newest(
            @BeanParam VisitFilter filter,
            @QueryParam("from") @DefaultValue("") String from,
            @QueryParam("version") @DefaultValue("") String version)
            throws SQLException {
        Reader reader = readers.signedIn();
        Listing listing = visits.newest(filter, Cursor.of(from), reader);
        if (listing.isCut(from)) {
            return Response.noContent().header("HX-Refresh", "true").build();
        }
        return listing.version().equals(version)
                ? Response.noContent().build()
                : Response.ok(Pages.newest(reader, listing).setLocale(reader.locale()))
                        .build();
    }

    @GET
    @Path("visits/earlier")
    @Operation(hidden = true)
    public TemplateInstance earlier(
            @BeanParam VisitFilter filter, @QueryParam("before") @DefaultValue("") String before) throws SQLException {
        Reader reader = readers.signedIn();
        Cursor cursor = Cursor.of(before);
        if (cursor == null) {
            throw new ProblemException("bad-parameter", "No such place in the list", 400, null);
        }
        return Pages.earlier(reader, visits.earlier(filter, cursor, reader)).setLocale(reader.locale());
    }

    @GET
    @Path("shots")
    @Produces("image/png")
    @Operation(hidden = true)
    public Response shot(
            @QueryParam("source") @DefaultValue("") String source, @QueryParam("visit") @DefaultValue("") String visit)
            throws SQLException {
        return Pictures.of(visits.shot(WebSession.of(caller), Texts.storable(source), Texts.storable(visit)))
                .build();
    }
}
