package io.facestream.web.models;

import io.facestream.messaging.Json;
import io.facestream.training.TrainingTopic;
import io.facestream.training.commands.FineTuneBuilder;
import io.facestream.training.commands.TrainingCommand;
import io.facestream.web.ProblemException;
import io.facestream.web.commands.Commands;
import io.facestream.web.keys.Roles;
import io.facestream.web.page.Pages;
import io.facestream.web.page.Reader;
import io.facestream.web.page.Readers;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.sql.SQLException;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Model versions and trainings. Operators train; which version is in force, administrators decide. */
@Path("/models")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(Pages.HTML)
public class ModelsResource {
    private static final URI SOURCE = URI.create("/facestream/web");

    private final ModelsTable table;
    private final Commands commands;
    private final Readers readers;

    ModelsResource(ModelsTable table, Commands commands, Readers readers) {
        this.table = table;
        this.commands = commands;
        this.readers = readers;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance models(@QueryParam("asked") String asked) throws SQLException {
        Reader reader = readers.signedIn();
        return ModelPages.models(reader, table.read(asked == null ? null : uuid(asked)))
                .setLocale(reader.locale());
    }

    /** The same as it is now, if the page has it otherwise: it asks every few seconds. */
    @GET
    @Path("versions")
    @Operation(hidden = true)
    public Response versions(
            @QueryParam("asked") @DefaultValue("") String asked, @QueryParam("revision") String revision)
            throws SQLException {
        Reader reader = readers.signedIn();
        Versions now = table.read(asked.isEmpty() ? null : uuid(asked));
        return now.revision().equals(revision)
                ? Response.noContent().build()
                : Response.ok(ModelPages.versions(reader, now).setLocale(reader.locale()))
                        .build();
    }

    /** Trains on the gallery and the labelled photos that the topic still has. */
    @POST
    @Path("trainings")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(hidden = true)
    public Response train() {
        UUID id = UUID.randomUUID();
        return ask(new FineTuneBuilder(id).promote("manual").build());
    }

    @POST
    @Path("trainings/{id}/cancel")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(hidden = true)
    public Response cancel(@PathParam("id") String id) {
        return ask(new TrainingCommand.Cancel(UUID.randomUUID(), uuid(id)));
    }

    @POST
    @Path("{version}/promote")
    @RolesAllowed(Roles.ADMIN)
    @Operation(hidden = true)
    public Response promote(@PathParam("version") String version) {
        TrainingCommand.Promote command = new TrainingCommand.Promote(UUID.randomUUID(), version);
        try {
            TrainingCommand.requireVersion("version", version);
        } catch (IllegalArgumentException e) {
            throw new ProblemException("no-version", "There is no such version", 404, e.getMessage());
        }
        return ask(command);
    }

    @POST
    @Path("roll-back")
    @RolesAllowed(Roles.ADMIN)
    @Operation(hidden = true)
    public Response rollBack() {
        return ask(new TrainingCommand.RollBack(UUID.randomUUID()));
    }

    private Response ask(TrainingCommand command) {
        commands.publish(TrainingTopic.record(command.commandId(), Json.write(command), SOURCE))
                .toCompletableFuture()
                .join();
        // A cancellation has no row of its own: its training's row tells.
        String shown = command instanceof TrainingCommand.Cancel cancel
                ? cancel.target().toString()
                : command.commandId().toString();
        return Response.noContent()
                .header("HX-Redirect", "/models?asked=" + shown)
                .build();
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException("no-training", "There is no training of that id", 404, null);
        }
    }
}
