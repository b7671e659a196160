package io.facestream.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facestream.curation.message.AlertRule;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.database.Sql;
import io.facestream.web.Problem;
import io.facestream.web.ProblemException;
import io.facestream.web.keys.Roles;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who is told of which visits. Targets, and rules of the settings, are the operator's. */
@Path("/api/v1/alert-rules")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Alert rules")
public class AlertRulesApi {
    private static final String RULES =
            """
            select r.*, extract(epoch from r.cool_down)::float8 as seconds, %s as whom from facestream.alert_rules r""";

    private static final String WORDS = RULES.formatted("r.who") + " order by r.name";

    private static final String WITH_IDS = RULES.formatted("r.who || array(select p.identity_id::text"
                    + " from facestream.alert_rule_people p where p.rule = r.name order by 1)")
            + " where r.name = ?";

    private final Instance<DataSource> database;
    private final CommandAnswers answers;

    /** @param database present if the role is switched on */
    AlertRulesApi(Instance<DataSource> database, CommandAnswers answers) {
        this.database = database;
        this.answers = answers;
    }

    /**
     * A rule. Of one of the settings only the name is known.
     *
     * @param origin {@code command} or {@code settings}
     * @param who words and tags; of a single rule also ids of people and strangers
     * @param people how many it names
     * @param missingTargets those that the settings do not have any more
     */
    record Rule(
            String rule,
            String origin,
            List<String> who,
            Long people,
            List<String> where,
            List<String> when,
            String zone,
            String coolDown,
            List<String> targets,
            List<String> missingTargets,
            Instant updatedAt) {
        static Rule of(ResultSet row) throws SQLException {
            double seconds = row.getDouble("seconds");
            String coolDown = row.wasNull()
                    ? null
                    : Duration.ofMillis(Math.round(1e3 * seconds)).toString();
            return new Rule(
                    row.getString("name"),
                    row.getString("origin"),
                    Sql.strings(row, "whom"),
                    row.getObject("people", Long.class),
                    Sql.strings(row, "cameras"),
                    Sql.strings(row, "spans"),
                    row.getString("zone"),
                    coolDown,
                    Sql.strings(row, "targets"),
                    Sql.strings(row, "missing_targets"),
                    Sql.instant(row, "updated_at"));
        }
    }

    /** @param targets that a rule may name */
    record Listing(List<Rule> rules, List<String> targets) {}

    /** The fields of the command alert-rule, as docs/alerts.md says. */
    @Schema(requiredProperties = {"who", "targets"})
    record Wanted(
            List<String> who,
            List<String> where,
            List<String> when,
            String zone,
            String coolDown,
            List<String> targets) {}

    @GET
    @Operation(operationId = "alertRules", summary = "All rules by name, and the targets that there are")
    public Listing rules() throws SQLException {
        return Sql.on(
                database.get(),
                sql -> new Listing(
                        sql.query(WORDS, Rule::of),
                        sql.query("select name from facestream.alert_target order by 1", row -> row.getString(1))));
    }

    @GET
    @Path("/{rule}")
    @Operation(operationId = "alertRule", summary = "A rule, with the ids of those whom it names")
    @APIResponse(
            responseCode = "200",
            description = "The rule",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Rule.class)))
    public Rule rule(@PathParam("rule") String rule) throws SQLException {
        return Sql.on(database.get(), sql -> sql.first(WITH_IDS, Rule::of, rule))
                .orElseThrow(() -> new ProblemException("no-such-rule", "There is no such rule", 404, null));
    }

    @PUT
    @Path("/{rule}")
    @RolesAllowed(Roles.OPERATOR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "putAlertRule",
            summary = "Adds a rule, or replaces it as a whole",
            description = "The same as the command `alert-rule`.")
    @RequestBody(
            required = true,
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Wanted.class)))
    @APIResponse(
            responseCode = "200",
            description = "It is done",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = GalleryEvent.class)))
    @APIResponse(responseCode = "202", description = "It is on its way; Location says where its answer will be")
    @APIResponse(responseCode = "409", description = "It is not possible as things are")
    public Response put(
            @PathParam("rule") String rule, @QueryParam("wait") @DefaultValue("0s") String wait, byte[] body) {
        Duration patience = CommandAnswers.patience(wait);
        ObjectNode message = CommandAnswers.object(body);
        message.put("command", "alert-rule").put("rule", rule).remove("remove");
        return answers.ask(CommandAnswers.command(message), patience);
    }

    @DELETE
    @Path("/{rule}")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(operationId = "removeAlertRule", summary = "Removes a rule; what it has not told yet stays untold")
    @APIResponse(
            responseCode = "200",
            description = "It is done",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = GalleryEvent.class)))
    @APIResponse(responseCode = "202", description = "It is on its way; Location says where its answer will be")
    @APIResponse(responseCode = "404", description = "There is no such rule")
    public Response remove(@PathParam("rule") String rule, @QueryParam("wait") @DefaultValue("0s") String wait) {
        Duration patience = CommandAnswers.patience(wait);
        try {
            return answers.ask(new AlertRule(UUID.randomUUID(), rule), patience);
        } catch (IllegalArgumentException e) {
            throw CommandAnswers.bad(e);
        }
    }
}
