package io.facestream.web.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.facestream.web.Texts;
import io.facestream.web.keys.ApiKey;
import io.facestream.web.keys.Roles;
import io.facestream.web.people.Faces;
import io.facestream.web.people.Gallery;
import io.facestream.web.people.Person;
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
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who is in the gallery, and by which photos. */
@Path("/api/v1")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "People")
public class PeopleApi {
    private static final String REVISION = "Of the answer to a change that this one has to show";

    private final Gallery gallery;
    private final Faces faces;
    private final Revisions revisions;
    private final SecurityIdentity caller;

    PeopleApi(Gallery gallery, Faces faces, Revisions revisions, SecurityIdentity caller) {
        this.gallery = gallery;
        this.faces = faces;
        this.revisions = revisions;
        this.caller = caller;
    }

    /** @param next the {@code after} of the next page; absent if this is the last one */
    record People(List<Person> people, String next, long revision) {}

    record OnePerson(@JsonUnwrapped Person person, long revision) {}

    record Photos(List<Person.Photo> photos, long revision) {}

    @GET
    @Path("/people")
    @Operation(operationId = "people", summary = "People, by name")
    public People people(
            @QueryParam("name") @DefaultValue("") @Parameter(description = "A part of the name") String name,
            @QueryParam("tag") @DefaultValue("") String tag,
            @QueryParam("after") @DefaultValue("") @Parameter(description = "The name before the page") String after,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("revision") @DefaultValue("0") @Parameter(description = REVISION) long revision)
            throws SQLException {
        int most = Bounds.upTo(Bounds.LARGEST_PAGE, "limit", limit);
        long now = revisions.atLeast(revision);
        Person.Listing listing = gallery.people(Texts.cut(name), Texts.cut(tag), Texts.cut(after), most);
        return new People(listing.people(), listing.next(), now);
    }

    @GET
    @Path("/people/{id}")
    @Operation(operationId = "person", summary = "A person, or whoever that id was merged into")
    public OnePerson person(
            @PathParam("id") UUID id,
            @QueryParam("revision") @DefaultValue("0") @Parameter(description = REVISION) long revision)
            throws SQLException {
        long now = revisions.atLeast(revision);
        return new OnePerson(gallery.person(id), now);
    }

    @GET
    @Path("/people/{id}/photos")
    @Operation(operationId = "photosOf", summary = "The latest 200 photos of a person, those that count first")
    public Photos photos(
            @PathParam("id") UUID id,
            @QueryParam("revision") @DefaultValue("0") @Parameter(description = REVISION) long revision)
            throws SQLException {
        long now = revisions.atLeast(revision);
        return new Photos(gallery.photos(gallery.person(id).id()), now);
    }

    @GET
    @Path("/photos/{id}/face")
    @Produces("image/png")
    @Operation(operationId = "face", summary = "The face of a photo; each look is a row of the audit trail")
    @APIResponse(
            responseCode = "200",
            description = "A PNG of 160x160",
            content = @Content(mediaType = "image/png", schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public Response face(@PathParam("id") UUID id) throws SQLException {
        return Response.ok(faces.of(id, ApiKey.of(caller)).orElseThrow(Faces::missing))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    @GET
    @Path("/people/{id}/shot")
    @Produces("image/png")
    @Operation(
            operationId = "bestShot",
            summary = "The best shot of a person's visits that is kept; each look is a row of the audit trail")
    @APIResponse(
            responseCode = "200",
            description = "A PNG of 160x160",
            content = @Content(mediaType = "image/png", schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public Response shot(@PathParam("id") UUID id) throws SQLException {
        UUID person = gallery.person(id).id();
        return Response.ok(faces.bestShot(person, ApiKey.of(caller)).orElseThrow(Faces::noShot))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
