package io.facestream.web.page;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.web.keys.Roles;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * Changes people. What is done is told on the page of the person whom it was about; what is refused, beside the form.
 */
@Path("/people")
@Blocking
@RolesAllowed(Roles.OPERATOR)
@Produces(Pages.HTML)
public class ChangesResource {
    private final ChangeRequests requests;

    ChangesResource(ChangeRequests requests) {
        this.requests = requests;
    }

    @POST
    @Operation(hidden = true)
    public Response create(@FormParam("name") @DefaultValue("") String name) {
        return change("create", null, id -> new GalleryCommand.Create(id, name, List.of()));
    }

    @POST
    @Path("{person}/rename")
    @Operation(hidden = true)
    public Response rename(@PathParam("person") UUID person, @FormParam("name") @DefaultValue("") String name) {
        return change("rename", person, id -> new GalleryCommand.Rename(id, person.toString(), name));
    }

    /** Makes somebody else one with this person. */
    @POST
    @Path("{person}/merge")
    @Operation(hidden = true)
    public Response merge(@PathParam("person") UUID person, @FormParam("other") @DefaultValue("") String other) {
        return change("merge", person, id -> new GalleryCommand.Merge(id, List.of(other), person.toString()));
    }

    /** Makes photos another person's, who may be new. */
    @POST
    @Path("{person}/split")
    @Operation(hidden = true)
    public Response split(
            @PathParam("person") UUID person,
            @FormParam("photo") List<UUID> photos,
            @FormParam("name") @DefaultValue("") String name) {
        if (photos.isEmpty()) {
            return requests.told(Change.refused("split", "no-photo-chosen", null));
        }
        GalleryEvent answer = ask("split", id -> new GalleryCommand.Split(id, photos, name, null));
        if (!ChangeRequests.isDone(answer) && "no-such-person".equals(answer.reason())) {
            answer = ask("split", id -> new GalleryCommand.Split(id, photos, null, name));
        }
        return led(answer, person);
    }

    @POST
    @Path("{person}/tag")
    @Operation(hidden = true)
    public Response tag(@PathParam("person") UUID person, @FormParam("tag") @DefaultValue("") String tag) {
        return change("tag", person, id -> new GalleryCommand.Tag(id, List.of(person.toString()), tag));
    }

    @POST
    @Path("{person}/untag")
    @Operation(hidden = true)
    public Response untag(@PathParam("person") UUID person, @FormParam("tag") @DefaultValue("") String tag) {
        return change("untag", person, id -> new GalleryCommand.Untag(id, List.of(person.toString()), tag));
    }

    @POST
    @Path("{person}/ignore")
    @Operation(hidden = true)
    public Response ignore(@PathParam("person") UUID person) {
        return change("ignore", person, id -> new GalleryCommand.Ignore(id, List.of(person.toString())));
    }

    @POST
    @Path("{person}/unignore")
    @Operation(hidden = true)
    public Response unignore(@PathParam("person") UUID person) {
        return change("unignore", person, id -> new GalleryCommand.Unignore(id, List.of(person.toString())));
    }

    @POST
    @Path("{person}/undo")
    @Operation(hidden = true)
    public Response undo(@PathParam("person") UUID person, @FormParam("command") UUID command) {
        return change("undo", person, id -> new GalleryCommand.Undo(id, command));
    }

    /** Answers with the receipt, since there is no page of that person any more. */
    @POST
    @Path("{person}/erase")
    @RolesAllowed(Roles.ADMIN)
    @Operation(hidden = true)
    public Response erase(@PathParam("person") UUID person) {
        GalleryEvent answer = requests.ask(
                "erase", ChangeRequests.PATIENCE, id -> new GalleryCommand.Erase(id, person.toString(), null, null));
        Response told = requests.told(Change.of(answer));
        return ChangeRequests.isDone(answer)
                ? Pictures.forget(Response.fromResponse(told).header("HX-Retarget", "#main"))
                        .build()
                : told;
    }

    private Response change(String kind, UUID person, Function<UUID, GalleryCommand> made) {
        GalleryEvent answer = ask(kind, made);
        return led(answer, person == null ? answer.person() : person);
    }

    private GalleryEvent ask(String kind, Function<UUID, GalleryCommand> made) {
        return requests.ask(kind, ChangeRequests.PATIENCE, made);
    }

    /** To the page of the person whom it is about, or what was refused. */
    private Response led(GalleryEvent answer, UUID person) {
        return ChangeRequests.isDone(answer)
                ? ChangeRequests.lead("/people/" + person + "?done=" + answer.commandId() + "&kind=" + answer.command())
                : requests.told(Change.of(answer));
    }
}
