package io.facestream.web.page;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.SightingRef;
import io.facestream.web.Texts;
import io.facestream.web.commands.Commands;
import io.facestream.web.keys.Roles;
import io.facestream.web.users.WebSession;
import io.facestream.web.visits.Visits;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Says whose a visit is, and whose it is not. What is refused is told beside the form. */
@Path("/visit")
@Blocking
@RolesAllowed(Roles.OPERATOR)
@Produces(Pages.HTML)
public class VisitResource {
    /** The first command about a face loads networks. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Commands commands;
    private final Visits visits;
    private final Readers readers;
    private final SecurityIdentity caller;

    VisitResource(Commands commands, Visits visits, Readers readers, SecurityIdentity caller) {
        this.commands = commands;
        this.visits = visits;
        this.readers = readers;
        this.caller = caller;
    }

    /** @param done the id of a not-this-person that was done a moment ago; null if there is none */
    @GET
    @Operation(hidden = true)
    public TemplateInstance visit(
            @QueryParam("source") @DefaultValue("") String source,
            @QueryParam("visit") @DefaultValue("") String visit,
            @QueryParam("done") UUID done)
            throws SQLException {
        Reader reader = readers.signedIn();
        return Pages.visit(reader, visits.find(Texts.storable(source), Texts.storable(visit)), done)
                .setLocale(reader.locale());
    }

    @POST
    @Path("not")
    @Operation(hidden = true)
    public Response not(
            @FormParam("source") @DefaultValue("") String source,
            @FormParam("visit") @DefaultValue("") String visit,
            @FormParam("person") @DefaultValue("") String person) {
        UUID id = UUID.randomUUID();
        GalleryEvent answer = ask(
                "not-this-person",
                () -> new GalleryCommand.NotThisPerson(id, person, new SightingRef(source, visit), null));
        return isDone(answer) ? lead(url(source, visit) + "&done=" + id) : told(answer);
    }

    @POST
    @Path("undo")
    @Operation(hidden = true)
    public Response undo(
            @FormParam("source") @DefaultValue("") String source,
            @FormParam("visit") @DefaultValue("") String visit,
            @FormParam("command") UUID command) {
        GalleryEvent answer = ask("undo", () -> new GalleryCommand.Undo(UUID.randomUUID(), command));
        return isDone(answer) ? lead(url(source, visit)) : told(answer);
    }

    /**
     * Names a visit, by somebody who is there or a new person.
     *
     * @param enrol whether its best picture becomes a photo
     */
    @POST
    @Path("name")
    @Operation(hidden = true)
    public Response name(
            @FormParam("source") @DefaultValue("") String source,
            @FormParam("visit") @DefaultValue("") String visit,
            @FormParam("name") @DefaultValue("") String name,
            @FormParam("enrol") boolean enrol) {
        GalleryEvent named = name(source, visit, name, null);
        if (!isDone(named) && "no-such-person".equals(named.reason())) {
            named = name(source, visit, null, name);
        }
        if (!isDone(named)) {
            return told(named);
        }
        String person = named.person().toString();
        if (enrol) {
            GalleryEvent enrolled = ask(
                    "enrol-from",
                    () -> new GalleryCommand.EnrolFrom(
                            UUID.randomUUID(), List.of(new SightingRef(source, visit)), person, null));
            if (!isDone(enrolled)) {
                return told(enrolled);
            }
        }
        return lead("/people/" + person + "?done=" + named.commandId() + "&kind=name");
    }

    private GalleryEvent name(String source, String visit, String into, String name) {
        return ask(
                "name", () -> new GalleryCommand.Name(UUID.randomUUID(), new SightingRef(source, visit), into, name));
    }

    private GalleryEvent ask(String kind, Supplier<GalleryCommand> made) {
        GalleryCommand command;
        try {
            command = made.get();
        } catch (IllegalArgumentException e) {
            return GalleryEvent.rejected(null, kind, GalleryEvent.BAD_COMMAND, e.getMessage());
        }
        return commands.send(command, WebSession.of(caller).name(), PATIENCE)
                .toCompletableFuture()
                .join();
    }

    static String url(String source, String visit) {
        return "/visit?source=" + Texts.encoded(source) + "&visit=" + Texts.encoded(visit);
    }

    private static boolean isDone(GalleryEvent answer) {
        return answer.state() == GalleryEvent.State.DONE;
    }

    private static Response lead(String path) {
        return Response.noContent().header("HX-Redirect", path).build();
    }

    private Response told(GalleryEvent answer) {
        Reader reader = readers.signedIn();
        return Response.ok(Pages.change(reader, Change.of(answer)).setLocale(reader.locale()))
                .build();
    }
}
