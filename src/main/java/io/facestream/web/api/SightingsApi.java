package io.facestream.web.api;

import io.facestream.web.Texts;
import io.facestream.web.keys.Roles;
import io.facestream.web.visits.Cursor;
import io.facestream.web.visits.Visit;
import io.facestream.web.visits.VisitQuery;
import io.facestream.web.visits.Visits;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who was there. */
@Path("/api/v1/sightings")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Sightings")
public class SightingsApi {
    private final Visits visits;

    SightingsApi(Visits visits) {
        this.visits = visits;
    }

    /**
     * A visit of somebody to a camera, of whom it is now.
     *
     * @param identityId of the person; absent for somebody unknown, as are the next two
     * @param reason why nobody is named; absent for a person
     * @param present whether they are still there
     */
    record Sighting(
            String source,
            String sightingId,
            String camera,
            UUID identityId,
            String name,
            Double probability,
            String reason,
            Instant firstSeen,
            Instant lastSeen,
            boolean present) {
        static Sighting of(Visit visit) {
            return new Sighting(
                    visit.source(),
                    visit.id(),
                    visit.camera(),
                    visit.person(),
                    visit.name(),
                    visit.probability(),
                    visit.reason(),
                    visit.firstSeen(),
                    visit.lastSeen(),
                    visit.present());
        }
    }

    /** @param next the {@code before} of the next page; absent if this is the last one */
    record Sightings(List<Sighting> sightings, String next) {}

    @GET
    @Operation(operationId = "sightings", summary = "Visits, the latest first")
    public Sightings sightings(
            @QueryParam("person") @DefaultValue("") @Parameter(description = "A part of the name, or the id")
                    String person,
            @QueryParam("camera") @DefaultValue("") String camera,
            @QueryParam("since") @Parameter(description = "The first may begin then, such as 2026-11-29T08:00:00Z")
                    String since,
            @QueryParam("until") @Parameter(description = "All begin before it") String until,
            @QueryParam("who") @DefaultValue("everybody") @Parameter(description = "`everybody`, `named` or `unnamed`")
                    String who,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("before") @Parameter(description = "The `next` of the page before") String before)
            throws SQLException {
        int most = Bounds.upTo(Bounds.LARGEST_PAGE, "limit", limit);
        VisitQuery query = new VisitQuery(
                Texts.cut(person), Texts.cut(camera), instant("since", since), instant("until", until), who(who));
        Visits.Found found = before == null ? visits.latest(query, most) : visits.before(query, place(before), most);
        List<Visit> page = found.visits();
        return new Sightings(
                page.stream().map(Sighting::of).toList(),
                found.more() ? page.get(page.size() - 1).cursor().text() : null);
    }

    private static Cursor place(String text) {
        Cursor cursor = Cursor.of(text);
        if (cursor == null) {
            throw Bounds.bad("before is the next of an earlier answer");
        }
        return cursor;
    }

    private static VisitQuery.Who who(String text) {
        return switch (text) {
            case "everybody" -> VisitQuery.Who.EVERYBODY;
            case "named" -> VisitQuery.Who.NAMED;
            case "unnamed" -> VisitQuery.Who.UNNAMED;
            default -> throw Bounds.bad("who is everybody, named or unnamed");
        };
    }

    private static Instant instant(String name, String text) {
        if (text == null) {
            return null;
        }
        try {
            Instant instant = Instant.parse(text);
            if (VisitQuery.isOfOurTimes(instant.atOffset(ZoneOffset.UTC).getYear())) {
                return instant;
            }
        } catch (DateTimeException e) {
            throw Bounds.bad(name + ": " + e.getMessage());
        }
        throw Bounds.bad(name + " is in a year from 1970 to 9998");
    }
}
