package io.facestream.web.page;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.web.Texts;
import io.facestream.web.keys.Roles;
import io.facestream.web.users.WebSession;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Strangers who are kept: who they are, for how long, or no longer; several at once. */
@Path("/strangers")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(Pages.HTML)
public class StrangersResource {
    private static final Set<String> DONE = Set.of("name", "merge", "ignore", "unignore", "extend", "discard");

    private final Strangers strangers;
    private final ChangeRequests requests;
    private final Readers readers;
    private final SecurityIdentity caller;

    StrangersResource(Strangers strangers, ChangeRequests requests, Readers readers, SecurityIdentity caller) {
        this.strangers = strangers;
        this.requests = requests;
        this.readers = readers;
        this.caller = caller;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance strangers(
            @QueryParam("camera") @DefaultValue("") String camera,
            @QueryParam("from") @DefaultValue("0") int from,
            @QueryParam("done") String done)
            throws SQLException {
        Reader reader = readers.signedIn();
        return Pages.strangers(
                        reader,
                        strangers.strangers(Texts.cut(camera), from),
                        done != null && DONE.contains(done) ? done : null)
                .setLocale(reader.locale());
    }

    @GET
    @Path("faces/{chip}")
    @Produces("image/png")
    @Operation(hidden = true)
    public Response face(@PathParam("chip") UUID chip) throws SQLException {
        return Pictures.of(strangers.face(WebSession.of(caller), chip)).build();
    }

    /** Says who they are: all of them one person, of that name. */
    @POST
    @Path("name")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(hidden = true)
    public Response name(@FormParam("stranger") List<UUID> ids, @FormParam("name") @DefaultValue("") String name) {
        List<Function<UUID, GalleryCommand>> all = new ArrayList<>();
        ids.forEach(stranger -> all.add(id -> new GalleryCommand.Name(id, stranger, name)));
        return change("name", ids, all);
    }

    /** Makes all of them the first one. */
    @POST
    @Path("merge")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(hidden = true)
    public Response merge(@FormParam("stranger") List<UUID> ids) {
        List<String> others =
                ids.stream().skip(1).map(UUID::toString).distinct().toList();
        return change(
                "merge",
                ids,
                List.of(id -> new GalleryCommand.Merge(id, others, ids.get(0).toString())));
    }

    @POST
    @Path("ignore")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(hidden = true)
    public Response ignore(@FormParam("stranger") List<UUID> ids) {
        return change("ignore", ids, List.of(id -> new GalleryCommand.Ignore(id, texts(ids))));
    }

    @POST
    @Path("unignore")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(hidden = true)
    public Response unignore(@FormParam("stranger") List<UUID> ids) {
        return change("unignore", ids, List.of(id -> new GalleryCommand.Unignore(id, texts(ids))));
    }

    @POST
    @Path("extend")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(hidden = true)
    public Response extend(@FormParam("stranger") List<UUID> ids) {
        return change("extend", ids, List.of(id -> new GalleryCommand.Extend(id, ids, null)));
    }

    @POST
    @Path("discard")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(hidden = true)
    public Response discard(@FormParam("stranger") List<UUID> ids) {
        return change("discard", ids, List.of(id -> new GalleryCommand.Discard(id, ids)));
    }

    private static List<String> texts(List<UUID> ids) {
        return ids.stream().map(UUID::toString).toList();
    }

    /** Asks for one change after another; the first one that is refused is told, and ends it. */
    private Response change(String kind, List<UUID> ids, List<Function<UUID, GalleryCommand>> all) {
        if (ids.isEmpty()) {
            return requests.told(Change.refused(kind, "nobody-chosen", null));
        }
        if (ids.size() > Strangers.PAGE) {
            return requests.told(
                    Change.refused(kind, GalleryEvent.BAD_COMMAND, "at most " + Strangers.PAGE + " at once"));
        }
        for (Function<UUID, GalleryCommand> made : all) {
            GalleryEvent answer = requests.ask(kind, ChangeRequests.PATIENCE, made);
            if (!ChangeRequests.isDone(answer)) {
                return requests.told(Change.of(answer));
            }
        }
        return ChangeRequests.lead("/strangers?done=" + kind);
    }
}
