package io.facestream.web.rules;

import io.facestream.curation.message.AlertRule;
import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.web.keys.Roles;
import io.facestream.web.page.Change;
import io.facestream.web.page.ChangeRequests;
import io.facestream.web.page.Pages;
import io.facestream.web.page.Reader;
import io.facestream.web.page.Readers;
import io.quarkus.qute.TemplateInstance;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Rules of alerts: whoever may change people may change them. Targets, with their addresses, are settings. */
@Path("/alerts")
@Blocking
@RolesAllowed(Roles.OPERATOR)
@Produces(Pages.HTML)
public class RulesResource {
    private static final String KIND = "alert-rule";
    private static final Set<String> DONE = Set.of("put", "remove");

    private final RulesTable table;
    private final ChangeRequests requests;
    private final Readers readers;

    RulesResource(RulesTable table, ChangeRequests requests, Readers readers) {
        this.table = table;
        this.requests = requests;
        this.readers = readers;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance rules(@QueryParam("done") String done) throws SQLException {
        Reader reader = readers.signedIn();
        return RulePages.alerts(reader, table.read(), done != null && DONE.contains(done) ? done : null)
                .setLocale(reader.locale());
    }

    /**
     * Adds a rule, or replaces it as a whole.
     *
     * @param revision of the rule that the form was filled from; null for a new rule
     */
    @POST
    @Operation(hidden = true)
    public Response put(
            @FormParam("revision") String revision,
            @FormParam("rule") @DefaultValue("") String rule,
            @FormParam("who") @DefaultValue("") String who,
            @FormParam("where") @DefaultValue("") String where,
            @FormParam("when") @DefaultValue("") String when,
            @FormParam("zone") @DefaultValue("") String zone,
            @FormParam("coolDown") @DefaultValue("0") String coolDown,
            @FormParam("target") List<String> targets)
            throws SQLException {
        Optional<String> inTheWay = inTheWay(table.find(rule), revision);
        if (inTheWay.isPresent()) {
            return requests.told(Change.refused(KIND, inTheWay.get(), null));
        }
        return change(
                "put",
                id -> new AlertRule(
                        id,
                        rule,
                        lines(who),
                        lines(where),
                        lines(when),
                        zone.isBlank() ? null : zone,
                        ShownRule.coolDown(coolDown),
                        targets,
                        null));
    }

    /** What somebody else has done that this would undo. */
    private static Optional<String> inTheWay(Optional<ShownRule> now, String revision) {
        if (revision == null) {
            return now.map(taken -> "rule-taken");
        }
        if (now.isEmpty()) {
            return Optional.of("no-such-rule");
        }
        return now.get().revision().equals(revision) ? Optional.empty() : Optional.of("rule-changed");
    }

    @POST
    @Path("remove")
    @Operation(hidden = true)
    public Response remove(@FormParam("rule") @DefaultValue("") String rule) {
        return change("remove", id -> new AlertRule(id, rule));
    }

    private Response change(String done, Function<UUID, GalleryCommand> made) {
        GalleryEvent answer = requests.ask(KIND, ChangeRequests.PATIENCE, made);
        return ChangeRequests.isDone(answer)
                ? ChangeRequests.lead("/alerts?done=" + done)
                : requests.told(Change.of(answer));
    }

    /** None for an empty text. */
    private static List<String> lines(String text) {
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        return lines.isEmpty() ? null : lines;
    }
}
