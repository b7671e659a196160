package io.facestream.web.identify;

import io.facestream.identities.Matcher;
import io.facestream.web.Multipart;
import io.facestream.web.Problem;
import io.facestream.web.keys.ApiKey;
import io.facestream.web.keys.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** A picture in, decisions out. The picture is kept nowhere. */
@Path(IdentifyResource.ROUTE)
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
public class IdentifyResource {
    static final String ROUTE = "/api/v1/identify";

    private final Recogniser recogniser;
    private final Identifier identifier;
    private final SecurityIdentity caller;

    IdentifyResource(Recogniser recogniser, Identifier identifier, SecurityIdentity caller) {
        this.recogniser = recogniser;
        this.identifier = identifier;
        this.caller = caller;
    }

    @POST
    @Consumes({"image/jpeg", "image/png", "image/webp", MediaType.MULTIPART_FORM_DATA})
    @RolesAllowed(Roles.OPERATOR)
    @Operation(
            operationId = "identify",
            summary = "Says who is in a picture",
            description = "The body is the picture, or a form whose part `file` is the picture. Each search is a row of"
                    + " the audit trail.")
    @APIResponse(
            responseCode = "200",
            description = "The faces, most confident first",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Identified.class)))
    @APIResponse(
            responseCode = "400",
            description = "No picture, or one that cannot be read",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "413",
            description = "Too many bytes or pixels",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "Too many pictures are waiting, or the database does not answer; Retry-After says when to"
                    + " come again",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public CompletionStage<Identified> identify(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType, byte[] body) {
        byte[] picture = Multipart.picture(contentType, body);
        ApiKey key = ApiKey.of(caller);
        return recogniser.submit(eyes -> eyes.see(picture), seen -> {
            long started = System.nanoTime();
            List<Matcher.Match> matches = identifier.identify(seen, key, ROUTE);
            return Identified.of(seen, matches, (System.nanoTime() - started) / 1e6f);
        });
    }
}
