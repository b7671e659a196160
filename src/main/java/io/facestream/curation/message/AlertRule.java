package io.facestream.curation.message;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.facestream.curation.rules.RuleName;
import io.facestream.curation.rules.Week;
import io.facestream.curation.rules.Where;
import io.facestream.curation.rules.Whom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Adds or replaces a rule that says who is told of which visits, or removes it. Rules of the settings stay as they
 * are.
 *
 * @param rule its name
 * @param who as {@link Whom} has it; like all that follows null if the rule is removed
 * @param where cameras, as {@link Where} has them; none for all
 * @param when spans, as {@link Week} has them; none for always
 * @param zone of the spans; null for UTC
 * @param coolDown after an alert, none for the same subject at the same camera for so long; null for none
 * @param targets names of targets
 * @param remove whether it is removed; null for not
 */
public record AlertRule(
        UUID commandId,
        String rule,
        List<String> who,
        List<String> where,
        List<String> when,
        String zone,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Duration coolDown,
        List<String> targets,
        Boolean remove)
        implements GalleryCommand {
    /** The most cameras, spans of the week and targets, each. */
    static final int MOST = 100;

    /** Alerts are remembered for no longer. */
    private static final Duration LONGEST_COOL_DOWN = Duration.ofDays(400);

    public AlertRule {
        Checks.require(rule != null, "rule, a name, is missing");
        RuleName.check("rule", rule);
        if (Boolean.TRUE.equals(remove)) {
            Checks.require(
                    Stream.of(who, where, when, zone, coolDown, targets).allMatch(Objects::isNull),
                    "a rule that is removed has nothing but its name");
        } else {
            who = Checks.list("who", who);
            Checks.require(Whom.of(who).tags().size() <= MOST, "who has at most " + MOST + " tags");
            where = Checks.few("where", where, List.of("*"));
            where = Where.of(where).globs();
            when = Checks.few("when", when, List.of());
            zone = zone == null ? "UTC" : zone.strip();
            Week.of(when, zone);
            coolDown = coolDown == null ? Duration.ZERO : coolDown;
            Checks.require(
                    !coolDown.isNegative() && coolDown.compareTo(LONGEST_COOL_DOWN) <= 0,
                    "coolDown is a duration of 0 s to " + LONGEST_COOL_DOWN + ", not " + coolDown);
            targets = Checks.few("targets", targets, List.of());
            Checks.require(!targets.isEmpty(), "targets names no target");
            targets.forEach(target -> RuleName.check("targets", target));
        }
    }

    /** Removes a rule. */
    public AlertRule(UUID commandId, String rule) {
        this(commandId, rule, null, null, null, null, null, null, true);
    }
}
