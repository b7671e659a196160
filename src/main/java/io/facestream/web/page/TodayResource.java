package io.facestream.web.page;

import io.facestream.web.ProblemException;
import io.facestream.web.Texts;
import io.facestream.web.keys.Roles;
import io.facestream.web.users.WebSession;
import io.facestream.web.visits.Camera;
import io.facestream.web.visits.Cursor;
import io.facestream.web.visits.VisitQuery;
import io.facestream.web.visits.Visits;
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
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Visits as they come. */
@Path("/")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(Pages.HTML)
public class TodayResource {
    /** Visits of a page. */
    static final int PAGE = 50;

    /** The most that are shown as news come; whoever wants more loads the page anew. */
    private static final int MOST_NEWS = 500;

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
        List<String> cameras =
                visits.cameras().stream().map(Camera::name).sorted().toList();
        return Pages.today(reader, filter, newest(filter, null, reader), cameras)
                .setLocale(reader.locale());
    }

    /** The latest, down to a place; a page of them if that is null. */
    private Listing newest(VisitFilter filter, Cursor from, Reader reader) throws SQLException {
        VisitQuery query = filter.in(reader.zone());
        return Listing.of(
                from == null ? visits.latest(query, PAGE) : visits.downTo(query, from, MOST_NEWS),
                null,
                reader,
                filter);
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
        Listing listing = newest(filter, Cursor.of(from), reader);
        if (listing.isCut()) {
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
        Listing listing = Listing.of(
                visits.before(filter.in(reader.zone()), cursor, PAGE),
                reader.dayOf(cursor.firstSeen()),
                reader,
                filter);
        return Pages.earlier(reader, listing).setLocale(reader.locale());
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
