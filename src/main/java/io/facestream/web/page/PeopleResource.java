package io.facestream.web.page;

import io.facestream.web.Texts;
import io.facestream.web.keys.Roles;
import io.facestream.web.people.Faces;
import io.facestream.web.people.Gallery;
import io.facestream.web.people.Person;
import io.facestream.web.users.WebSession;
import io.facestream.web.visits.VisitQuery;
import io.facestream.web.visits.Visits;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** People and their photos. */
@Path("/people")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(Pages.HTML)
public class PeopleResource {
    /** People of a page. */
    private static final int PAGE = 60;

    /** Names that are offered. */
    private static final int OFFERED = 10;

    /** Visits on a person's page. */
    private static final int LATEST = 5;

    private static final Set<String> KINDS =
            Set.of("create", "rename", "merge", "split", "tag", "untag", "ignore", "unignore", "undo", "name");

    private final Gallery gallery;
    private final Faces faces;
    private final Visits visits;
    private final Readers readers;
    private final SecurityIdentity caller;

    PeopleResource(Gallery gallery, Faces faces, Visits visits, Readers readers, SecurityIdentity caller) {
        this.gallery = gallery;
        this.faces = faces;
        this.visits = visits;
        this.readers = readers;
        this.caller = caller;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance people(
            @QueryParam("name") @DefaultValue("") String name,
            @QueryParam("tag") @DefaultValue("") String tag,
            @QueryParam("after") @DefaultValue("") String after)
            throws SQLException {
        Reader reader = readers.signedIn();
        return Pages.people(reader, gallery.people(Texts.cut(name), Texts.cut(tag), Texts.cut(after), PAGE))
                .setLocale(reader.locale());
    }

    /** Offers names that have that in them to whoever types one. */
    @GET
    @Path("names")
    @Operation(hidden = true)
    public TemplateInstance names(@QueryParam("part") @DefaultValue("") String part) throws SQLException {
        return Pages.names(gallery.people(Texts.cut(part), "", "", OFFERED).people().stream()
                .map(Person::name)
                .toList());
    }

    @GET
    @Path("{id}")
    @Operation(hidden = true)
    public TemplateInstance person(
            @PathParam("id") String id,
            @QueryParam("done") String done,
            @QueryParam("kind") String kind,
            @QueryParam("refused") String refused)
            throws SQLException {
        Reader reader = readers.signedIn();
        Person person = gallery.person(uuid(id));
        return Pages.person(
                        reader,
                        person,
                        gallery.photos(person.id()),
                        latest(person.id(), reader),
                        done(done, kind, refused))
                .setLocale(reader.locale());
    }

    private Listing latest(UUID person, Reader reader) throws SQLException {
        VisitFilter filter = new VisitFilter();
        filter.person = person.toString();
        return Listing.of(visits.latest(VisitQuery.of(filter.person), LATEST), null, reader, filter);
    }

    @GET
    @Path("{id}/alike")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(hidden = true)
    public TemplateInstance alike(@PathParam("id") String id) throws SQLException {
        Reader reader = readers.signedIn();
        UUID person = gallery.person(uuid(id)).id();
        return Pages.alike(reader, person, faces.alike(WebSession.of(caller), person))
                .setLocale(reader.locale());
    }

    @GET
    @Path("faces/{photo}")
    @Produces("image/png")
    @Operation(hidden = true)
    public Response face(@PathParam("photo") String photo) throws SQLException {
        return Pictures.of(faces.of(uuid(photo), WebSession.of(caller))).build();
    }

    /** What was done a moment ago, as the page before says; null if that is nothing. */
    private static Change.Done done(String command, String kind, String refused) {
        return command == null || kind == null || !KINDS.contains(kind)
                ? null
                : new Change.Done(uuid(command), kind, refused);
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Gallery.nobody();
        }
    }
}
