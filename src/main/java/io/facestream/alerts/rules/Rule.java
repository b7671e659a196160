package io.facestream.alerts.rules;

import io.facestream.curation.rules.RuleName;
import io.facestream.curation.rules.Week;
import io.facestream.curation.rules.Where;
import io.facestream.curation.rules.Whom;
import io.facestream.sightings.message.Sighting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is told of whom, where and when.
 *
 * @param targets names of targets, each once
 */
public record Rule(String name, Who who, Where where, Week when, Duration coolDown, List<String> targets) {
    public Rule {
        targets = List.copyOf(targets);
    }

    /**
     * A rule of the settings.
     *
     * @param known the names of all targets
     * @param keep how long alerts are remembered
     * @throws IllegalArgumentException in one line, naming the setting, if it is wrong or the rule can never apply
     */
    public static Rule of(String name, RuleConfig config, Set<String> known, Duration keep) {
        String prefix = "facestream.alerts.rules." + name;
        RuleName.check(prefix, name);
        try {
            List<String> targets =
                    config.target().stream().map(String::strip).distinct().toList();
            for (String target : targets) {
                if (!known.contains(target)) {
                    throw new IllegalArgumentException("target=" + target + " is not one of the targets, which are "
                            + known.stream().sorted().toList());
                }
            }
            if (targets.isEmpty()) {
                throw new IllegalArgumentException("target is empty: name a target");
            }
            if (config.coolDown().compareTo(keep) > 0) {
                throw new IllegalArgumentException("cool-down=" + config.coolDown()
                        + " is longer than facestream.alerts.keep=" + keep + ", after which alerts are forgotten");
            }
            return new Rule(
                    name,
                    Who.of(config.who()),
                    Where.of(config.where()),
                    Week.of(config.when().orElse(List.of()), config.zone().strip()),
                    config.coolDown(),
                    targets);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(prefix + "." + e.getMessage(), e);
        }
    }

    /**
     * A rule that a command made.
     *
     * @param whom whose tags are known; the database knows the people
     * @throws IllegalArgumentException if this build cannot read it
     */
    public static Rule stored(
            String name,
            Whom whom,
            List<String> cameras,
            List<String> spans,
            String zone,
            Duration coolDown,
            List<String> targets) {
        return new Rule(
                name,
                new Who(
                        whom.known(),
                        whom.strangers(),
                        whom.unknown(),
                        Set.of(),
                        Set.of(),
                        Set.copyOf(whom.tags()),
                        Optional.of(name)),
                Where.of(cameras),
                Week.of(spans, zone),
                coolDown,
                targets);
    }

    /**
     * Whether a message is a reason for an alert. Whoever has left is none: what came before was.
     *
     * @param person who the subject is; null for whoever has no id
     */
    public boolean appliesTo(Sighting message, Person person) {
        return message.change() != Sighting.Change.LEFT
                && (person == null || !person.ignored())
                && where.includes(message.camera())
                && who.includes(message.subject(), person)
                && when.includes(message.lastAppendedAt());
    }
}
