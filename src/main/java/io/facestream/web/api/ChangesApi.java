package io.facestream.web.api;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.database.Sql;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.messaging.PlainName;
import io.facestream.web.Multipart;
import io.facestream.web.Problem;
import io.facestream.web.ProblemException;
import io.facestream.web.commands.Commands;
import io.facestream.web.keys.Roles;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Changes people and photos. */
@Path("/api/v1")
@Blocking
@RolesAllowed(Roles.OPERATOR)
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Changes")
public class ChangesApi {
    private static final Duration PHOTO = Duration.ofSeconds(20);

    private final Commands commands;
    private final CommandAnswers answers;
    private final Instance<DataSource> database;
    private final SecurityIdentity caller;

    /** @param database present if the role is switched on */
    ChangesApi(Commands commands, CommandAnswers answers, Instance<DataSource> database, SecurityIdentity caller) {
        this.commands = commands;
        this.answers = answers;
        this.database = database;
        this.caller = caller;
    }

    private record Stored(String state, String answer) {}

    /** @param notice what may be worth a look; absent if nothing */
    record Enrolled(UUID id, String name, String notice) {}

    @POST
    @Path("/commands")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "change",
            summary = "Changes people or photos",
            description = "The body is a message of the topic `gallery-commands`. Whoever sends a `commandId` may send"
                    + " the command again: it is done once. To erase somebody takes an admin's key.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema =
                                    @Schema(
                                            type = SchemaType.OBJECT,
                                            description = "As docs/gallery.md says",
                                            requiredProperties = "command",
                                            example = "{\"command\": \"create\", \"name\": \"Ada Lovelace\"}")))
    @APIResponse(
            responseCode = "200",
            description = "It is done",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = GalleryEvent.class)))
    @APIResponse(
            responseCode = "202",
            description = "It is on its way; Location says where its answer will be",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = CommandAnswers.Pending.class)))
    @APIResponse(
            responseCode = "409",
            description = "It is not possible as things are",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response change(
            @QueryParam("wait")
                    @DefaultValue("0s")
                    @Parameter(description = "How long to wait for the answer: `0s` to `30s`")
                    String wait,
            byte[] body) {
        Duration patience = CommandAnswers.patience(wait);
        GalleryCommand command = CommandAnswers.command(CommandAnswers.object(body));
        if (command instanceof GalleryCommand.Erase erase
                && !Boolean.TRUE.equals(erase.dryRun())
                && !caller.hasRole(Roles.ADMIN)) {
            throw new ForbiddenException();
        }
        return answers.ask(command, patience);
    }

    @GET
    @Path("/commands/{id}")
    @Operation(operationId = "answer", summary = "What became of a command")
    @APIResponse(
            responseCode = "200",
            description = "Its answer: done, rejected or failed",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = GalleryEvent.class)))
    @APIResponse(
            responseCode = "202",
            description = "It has none yet",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = CommandAnswers.Pending.class)))
    public Response answer(@PathParam("id") UUID id) throws SQLException {
        Stored stored = Sql.on(
                        database.get(),
                        sql -> sql.first(
                                "select state, answer from facestream.command_answer(?)",
                                row -> new Stored(row.getString(1), row.getString(2)),
                                id))
                .orElseThrow(() -> new ProblemException(
                        "no-such-command", "There is no such command", 404, "it may not have arrived yet"));
        return stored.answer == null
                ? CommandAnswers.pending(id, stored.state)
                : Response.ok(stored.answer, MediaType.APPLICATION_JSON).build();
    }

    @POST
    @Path("/photos")
    @Consumes({"image/*", MediaType.APPLICATION_OCTET_STREAM, MediaType.MULTIPART_FORM_DATA})
    @Operation(
            operationId = "enrol",
            summary = "Enrols a photo of somebody, who need not be there yet",
            description = "The body is the photo, or a form whose part `file` is the photo.")
    @APIResponse(
            responseCode = "201",
            description = "It is enrolled",
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Enrolled.class)))
    @APIResponse(
            responseCode = "422",
            description = "It is not suitable; the type is a reason of docs/enrolment.md",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response enrol(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @QueryParam("name") @DefaultValue("") @Parameter(required = true) String name,
            byte[] body) {
        byte[] photo = Multipart.picture(contentType, body);
        String plain;
        try {
            plain = PlainName.of(name);
        } catch (IllegalArgumentException e) {
            throw Bounds.bad("name: " + e.getMessage());
        }
        EnrolmentAnswer answer =
                commands.enrol(plain, photo, PHOTO).toCompletableFuture().join();
        if (answer instanceof EnrolmentAnswer.Rejected rejected) {
            throw new ProblemException(rejected.reason(), "The photo is not enrolled", 422, rejected.message());
        }
        EnrolmentAnswer.Accepted accepted = (EnrolmentAnswer.Accepted) answer;
        return Response.status(Response.Status.CREATED)
                .entity(new Enrolled(accepted.sampleId(), plain, accepted.notice()))
                .build();
    }
}
