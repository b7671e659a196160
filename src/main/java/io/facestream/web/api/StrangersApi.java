package io.facestream.web.api;

import io.facestream.web.keys.ApiKey;
import io.facestream.web.keys.Roles;
import io.facestream.web.people.Faces;
import io.facestream.web.people.Strangers;
import io.facestream.web.people.Strangers.Stranger;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Passers-by who are kept, where {@code facestream.strangers.keep} says so. */
@Path("/api/v1/strangers")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Strangers")
public class StrangersApi {
    private final Strangers strangers;
    private final Faces faces;
    private final SecurityIdentity caller;

    StrangersApi(Strangers strangers, Faces faces, SecurityIdentity caller) {
        this.strangers = strangers;
        this.faces = faces;
        this.caller = caller;
    }

    record Listing(List<Stranger> strangers) {}

    @GET
    @Operation(operationId = "strangers", summary = "Strangers who are kept, those who were there last first")
    public Listing strangers(@QueryParam("limit") @DefaultValue("50") int limit) throws SQLException {
        return new Listing(strangers.latest(Bounds.upTo(Bounds.LARGEST_PAGE, "limit", limit)));
    }

    @GET
    @Path("/{id}/shot")
    @Produces("image/png")
    @Operation(
            operationId = "strangerShot",
            summary = "The best face of a stranger; each look is a row of the audit trail")
    @APIResponse(
            responseCode = "200",
            description = "A PNG of 160x160",
            content = @Content(mediaType = "image/png", schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public Response shot(@PathParam("id") UUID id) throws SQLException {
        return Response.ok(faces.ofStranger(id, ApiKey.of(caller)).orElseThrow(Faces::noShot))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
