package io.facestream.web.page;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.SightingRef;
import io.facestream.web.Texts;
import io.facestream.web.cameras.FramesTopic;
import io.facestream.web.keys.Roles;
import io.facestream.web.users.WebSession;
import io.facestream.web.visits.Visit;
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
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Says whose a visit is, and whose it is not. What is refused is told beside the form. */
@Path("/visit")
@Blocking
@RolesAllowed(Roles.OPERATOR)
@Produces(Pages.HTML)
public class VisitResource {
    /** The first command about a face loads networks. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ChangeRequests requests;
    private final Visits visits;
    private final FramesTopic frames;
    private final Readers readers;
    private final SecurityIdentity caller;

    VisitResource(
            ChangeRequests requests, Visits visits, FramesTopic frames, Readers readers, SecurityIdentity caller) {
        this.requests = requests;
        this.visits = visits;
        this.frames = frames;
        this.readers = readers;
        this.caller = caller;
    }

    /** @param done the id of a not-this-person that was done a moment ago; null if there is none */
    @GET
    @Operation(hidden = true)
    public TemplateInstance visit(
            @QueryParam("source") @DefaultValue("") String source,
            @QueryParam("visit") @DefaultValue("") String visit,
            @QueryParam("done") UUID done,
            @QueryParam("undone") boolean undone)
            throws SQLException {
        Reader reader = readers.signedIn();
        Visit found = visits.find(Texts.storable(source), Texts.storable(visit));
        boolean hasFrame = visits.frame(found.source(), found.id()).isPresent();
        return Pages.visit(reader, found, hasFrame, done, undone).setLocale(reader.locale());
    }

    /** The whole frame in which the face was seen best, while its topic holds it. */
    @GET
    @Path("frame")
    @Produces({"image/jpeg", "image/png", "image/webp"})
    @Operation(hidden = true)
    public Response frame(
            @QueryParam("source") @DefaultValue("") String source, @QueryParam("visit") @DefaultValue("") String visit)
            throws SQLException {
        Visit found = visits.find(Texts.storable(source), Texts.storable(visit));
        return frames.show(
                WebSession.of(caller),
                visits.frame(found.source(), found.id())
                        .flatMap(place -> frames.frame(place.partition(), place.offset(), found.camera())));
    }

    @POST
    @Path("not")
    @Operation(hidden = true)
    public Response not(
            @FormParam("source") @DefaultValue("") String source,
            @FormParam("visit") @DefaultValue("") String visit,
            @FormParam("person") @DefaultValue("") String person) {
        GalleryEvent answer = ask(
                "not-this-person",
                id -> new GalleryCommand.NotThisPerson(id, person, new SightingRef(source, visit), null));
        return ChangeRequests.isDone(answer)
                ? ChangeRequests.lead(url(source, visit) + "&done=" + answer.commandId())
                : told(answer);
    }

    @POST
    @Path("undo")
    @Operation(hidden = true)
    public Response undo(
            @FormParam("source") @DefaultValue("") String source,
            @FormParam("visit") @DefaultValue("") String visit,
            @FormParam("command") UUID command) {
        GalleryEvent answer = ask("undo", id -> new GalleryCommand.Undo(id, command));
        return ChangeRequests.isDone(answer) ? ChangeRequests.lead(url(source, visit) + "&undone=true") : told(answer);
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
        if (!ChangeRequests.isDone(named) && "no-such-person".equals(named.reason())) {
            named = name(source, visit, null, name);
        }
        if (!ChangeRequests.isDone(named)) {
            return told(named);
        }
        String person = named.person().toString();
        String url = "/people/" + person + "?done=" + named.commandId() + "&kind=name";
        if (enrol) {
            GalleryEvent enrolled = ask(
                    "enrol-from",
                    id -> new GalleryCommand.EnrolFrom(id, List.of(new SightingRef(source, visit)), person, null));
            if (!ChangeRequests.isDone(enrolled)) {
                url += "&refused=" + Change.of(enrolled).reason();
            }
        }
        return ChangeRequests.lead(url);
    }

    private GalleryEvent name(String source, String visit, String into, String name) {
        return ask("name", id -> new GalleryCommand.Name(id, new SightingRef(source, visit), into, name));
    }

    private GalleryEvent ask(String kind, Function<UUID, GalleryCommand> made) {
        return requests.ask(kind, PATIENCE, made);
    }

    static String url(String source, String visit) {
        return "/visit?source=" + Texts.encoded(source) + "&visit=" + Texts.encoded(visit);
    }

    private Response told(GalleryEvent answer) {
        return requests.told(Change.of(answer));
    }
}
