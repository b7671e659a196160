package io.facestream.web.compreface;

import io.facestream.web.ProblemException;
import io.facestream.web.identify.Recogniser;
import io.facestream.web.keys.ApiKey;
import io.facestream.web.keys.Roles;
import io.facestream.web.people.Faces;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** People and photos for programs for CompreFace. The answer to a change comes when it is done. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "CompreFace")
@Blocking
@RolesAllowed(Roles.OPERATOR)
public class CollectionResource {
    private final Collection collection;
    private final People people;
    private final Faces faces;
    private final Recogniser recogniser;
    private final SecurityIdentity caller;

    CollectionResource(
            Collection collection, People people, Faces faces, Recogniser recogniser, SecurityIdentity caller) {
        this.collection = collection;
        this.people = people;
        this.faces = faces;
        this.recogniser = recogniser;
        this.caller = caller;
    }

    /** A person, by name. */
    record Subject(String subject) {
        /** The name of what a request must bring. */
        static String of(Subject body) {
            return required(body == null ? null : body.subject);
        }
    }

    /** Whether a person was renamed; always. */
    record Updated(boolean updated) {}

    /** How many people or photos were deleted. */
    record Deleted(int deleted) {}

    private static String required(String subject) {
        if (subject == null) {
            throw missingSubject();
        }
        return subject;
    }

    private static ProblemException missingSubject() {
        return new ProblemException("no-subject", "Required parameter 'subject' is missing", 400, null);
    }

    private String asker() {
        return caller.getPrincipal().getName();
    }

    @GET
    @Path("/recognition/subjects")
    @RolesAllowed(Roles.VIEWER)
    @Operation(operationId = "comprefaceSubjects", summary = "Names of people")
    public People.Subjects subjects() throws SQLException {
        return people.subjects();
    }

    @POST
    @Path("/recognition/subjects")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "comprefaceAdd", summary = "Adds a person")
    public CompletionStage<RestResponse<Subject>> add(Subject body) {
        String name = Subject.of(body);
        return collection
                .add(name, asker())
                .thenApply(added -> RestResponse.status(RestResponse.Status.CREATED, new Subject(name)));
    }

    @PUT
    @Path("/recognition/subjects/{subject: .+}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "comprefaceRename",
            summary = "Gives a person another name; if somebody has it, the two become one")
    public CompletionStage<Updated> rename(@PathParam("subject") String person, Subject body) {
        return collection.rename(person, Subject.of(body), asker()).thenApply(renamed -> new Updated(true));
    }

    @DELETE
    @Path("/recognition/subjects/{subject: .+}")
    @Operation(operationId = "comprefaceErase", summary = "Erases a person")
    public CompletionStage<Subject> erase(@PathParam("subject") String person) {
        return collection.erase(person, asker()).thenApply(erased -> new Subject(person));
    }

    /** A path that ends with a slash lacks a name, and is not meant for everybody. */
    @DELETE
    @Path("/recognition/subjects")
    @RolesAllowed(Roles.ADMIN)
    @Operation(operationId = "comprefaceEraseAll", summary = "Erases everybody")
    public Deleted eraseAll(@Context UriInfo uri) throws SQLException {
        if (uri.getPath().endsWith("/")) {
            throw missingSubject();
        }
        return new Deleted(collection.eraseAll(asker()));
    }

    @GET
    @Path("/recognition/faces")
    @RolesAllowed(Roles.VIEWER)
    @Operation(operationId = "comprefaceFaces", summary = "Photos that count when faces are compared")
    public People.Photos faces(
            @QueryParam("page") @DefaultValue("0") int page,
            @QueryParam("size") @DefaultValue("20") int size,
            @QueryParam("subject") String subject)
            throws SQLException {
        return people.photos(page, size, subject);
    }

    @GET
    @Path("/recognition/faces/{image}/img")
    @Produces("image/png")
    @RolesAllowed(Roles.VIEWER)
    @Operation(operationId = "comprefaceFace", summary = "The face of a photo, a PNG")
    public Response face(@PathParam("image") UUID image) throws SQLException {
        return Response.ok(faces.of(image, ApiKey.of(caller)).orElseThrow(Faces::missing))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    @POST
    @Path("/recognition/faces")
    @Consumes({MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_JSON})
    @Operation(operationId = "comprefaceEnrol", summary = "Enrols a person's photo")
    public CompletionStage<RestResponse<Photo>> enrol(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @QueryParam("subject") String subject,
            @QueryParam("det_prob_threshold") @DefaultValue("0") double leastConfidence,
            byte[] body) {
        String name = required(subject);
        Choice choice = Choice.of(0, leastConfidence, 1, "");
        byte[] photo = Pictures.of(contentType, body).require("file");
        if (leastConfidence > 0) {
            recogniser
                    .submit(eyes -> choice.from(eyes.see(photo)))
                    .toCompletableFuture()
                    .join();
        }
        return collection
                .enrol(name, photo)
                .thenApply(enrolled -> RestResponse.status(RestResponse.Status.CREATED, enrolled));
    }

    @DELETE
    @Path("/recognition/faces")
    @Operation(operationId = "comprefaceDeleteOf", summary = "Deletes a person's photos, or all")
    public Deleted deleteOf(@QueryParam("subject") String subject) throws SQLException {
        if (subject != null) {
            return new Deleted(collection.deleteOf(subject, asker()));
        }
        if (!caller.hasRole(Roles.ADMIN)) {
            throw new ForbiddenException();
        }
        return new Deleted(collection.deleteAll(asker()));
    }

    @DELETE
    @Path("/recognition/faces/{image}")
    @Operation(operationId = "comprefaceDelete", summary = "Deletes a photo")
    public CompletionStage<Photo> delete(@PathParam("image") UUID image) throws SQLException {
        return collection
                .delete(List.of(image), asker())
                .thenApply(deleted -> deleted.stream().findFirst().orElseThrow(Faces::missing));
    }

    @POST
    @Path("/recognition/faces/delete")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "comprefaceDeleteList", summary = "Deletes photos")
    public CompletionStage<List<Photo>> deleteList(List<UUID> images) throws SQLException {
        if (images == null || images.contains(null)) {
            throw new ProblemException("bad-json", "The body is no JSON array of ids", 400, null);
        }
        return collection.delete(images, asker());
    }
}
