package io.facestream.web.page;

import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.enrolment.EnrolmentReason;
import io.facestream.messaging.PlainName;
import io.facestream.web.KnownFailures;
import io.facestream.web.Problem;
import io.facestream.web.ProblemException;
import io.facestream.web.commands.Commands;
import io.facestream.web.keys.Roles;
import io.facestream.web.people.Gallery;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * Enrols photos, one a request: the body is the photo as it is in its file. The answer says what came of it, in the
 * reader's language; its status is that of the problem if the photo may be sent again. Names of files stay in the
 * browser.
 */
@Path("/people")
@Blocking
@RolesAllowed(Roles.OPERATOR)
@Consumes(MediaType.APPLICATION_OCTET_STREAM)
@Produces(Pages.HTML)
public class PhotosResource {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ACCEPTED = "accepted";

    private final Commands commands;
    private final Gallery gallery;
    private final Readers readers;

    PhotosResource(Commands commands, Gallery gallery, Readers readers) {
        this.commands = commands;
        this.gallery = gallery;
        this.readers = readers;
    }

    /** Of somebody who need not be there yet. */
    @POST
    @Path("photos")
    @Operation(hidden = true)
    public Response enrol(@QueryParam("name") @DefaultValue("") String name, byte[] photo) {
        return enrolled(name, photo);
    }

    @POST
    @Path("{person}/photos")
    @Operation(hidden = true)
    public Response enrol(@PathParam("person") UUID person, byte[] photo) throws SQLException {
        return enrolled(gallery.person(person).name(), photo);
    }

    private Response enrolled(String name, byte[] photo) {
        String plain;
        try {
            plain = PlainName.of(name);
        } catch (IllegalArgumentException e) {
            return told(Response.Status.OK.getStatusCode(), EnrolmentReason.NO_NAME.code(), e.getMessage());
        }
        try {
            return told(
                    commands.enrol(plain, photo, PATIENCE).toCompletableFuture().join());
        } catch (ProblemException | CompletionException e) {
            Problem problem = KnownFailures.behind(e).orElseThrow(() -> e);
            return told(problem.status(), problem.code(), null);
        }
    }

    private Response told(EnrolmentAnswer answer) {
        int ok = Response.Status.OK.getStatusCode();
        if (answer instanceof EnrolmentAnswer.Rejected rejected) {
            return told(ok, rejected.reason(), null);
        }
        return told(ok, ACCEPTED, ((EnrolmentAnswer.Accepted) answer).notice());
    }

    private Response told(int status, String outcome, String remark) {
        Reader reader = readers.signedIn();
        return Response.status(status)
                .entity(Pages.photo(outcome, remark).setLocale(reader.locale()).render())
                .build();
    }
}
