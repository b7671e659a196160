package io.facestream.web.compreface;

import io.facestream.messaging.RejectedException;
import io.facestream.web.ProblemException;
import io.facestream.web.keys.Roles;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What programs for CompreFace change. Each answer comes when it is done. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "CompreFace")
@Blocking
@RolesAllowed(Roles.OPERATOR)
public class CollectionResource {
    private final Collection collection;
    private final SecurityIdentity caller;

    CollectionResource(Collection collection, SecurityIdentity caller) {
        this.collection = collection;
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

    /** How many photos were deleted. */
    record Deleted(int deleted) {}

    private static String required(String subject) {
        if (subject == null) {
            throw new ProblemException("no-subject", "Required parameter 'subject' is missing", 400, null);
        }
        return subject;
    }

    private String asker() {
        return caller.getPrincipal().getName();
    }

    @POST
    @Path("/recognition/subjects")
    @Consumes(MediaType.APPLICATION_JSON)
    public CompletionStage<RestResponse<Subject>> add(Subject body) {
        String name = Subject.of(body);
        return collection
                .add(name, asker())
                .thenApply(added -> RestResponse.status(RestResponse.Status.CREATED, new Subject(name)));
    }

    @PUT
    @Path("/recognition/subjects/{subject: .+}")
    @Consumes(MediaType.APPLICATION_JSON)
    public CompletionStage<Updated> rename(@PathParam("subject") String person, Subject body) {
        return collection.rename(person, Subject.of(body), asker()).thenApply(renamed -> new Updated(true));
    }

    @DELETE
    @Path("/recognition/subjects/{subject: .+}")
    public CompletionStage<Subject> erase(@PathParam("subject") String person) {
        return collection.erase(person, asker()).thenApply(erased -> new Subject(person));
    }

    @POST
    @Path("/recognition/faces")
    @Consumes({MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_JSON})
    public CompletionStage<RestResponse<Collection.Photo>> enrol(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @QueryParam("subject") String subject,
            byte[] body) {
        String name = required(subject);
        byte[] photo = Pictures.of(contentType, body).require("file");
        return collection
                .enrol(name, photo)
                .thenApply(enrolled -> RestResponse.status(RestResponse.Status.CREATED, enrolled));
    }

    @DELETE
    @Path("/recognition/faces")
    public CompletionStage<Deleted> deleteOf(@QueryParam("subject") String subject) throws SQLException {
        return collection.deleteOf(required(subject), asker()).thenApply(photos -> new Deleted(photos.size()));
    }

    @DELETE
    @Path("/recognition/faces/{image}")
    public CompletionStage<Collection.Photo> delete(@PathParam("image") UUID image) throws SQLException {
        return collection.delete(List.of(image), asker()).thenApply(photos -> photos.stream()
                .findFirst()
                .orElseThrow(() -> new ProblemException("no-such-sample", "There is no such photo", 404, null)));
    }

    @POST
    @Path("/recognition/faces/delete")
    @Consumes(MediaType.APPLICATION_JSON)
    public CompletionStage<List<Collection.Photo>> deleteAll(List<UUID> images) throws SQLException {
        if (images == null || images.contains(null)) {
            throw new ProblemException("bad-json", "The body is no JSON array of ids", 400, null);
        }
        return collection.delete(images, asker());
    }

    @ServerExceptionMapper({
        RuntimeException.class,
        RejectedException.class,
        SQLException.class,
        WebApplicationException.class,
        AuthenticationFailedException.class,
        UnauthorizedException.class,
        ForbiddenException.class
    })
    Response answer(Throwable failure) {
        return ComprefaceError.of(failure);
    }
}
