package io.facestream.alerts.rules;

import io.facestream.sightings.message.Sighting;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who is told of whom, where and when.
 *
 * @param targets names of targets, each once
 */
public record Rule(String name, Who who, Where where, Week when, Duration coolDown, List<String> targets) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

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
        checkName(prefix, name);
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
     * Checks the name of a rule or a target.
     *
     * @param setting that has the name, for the message
     * @throws IllegalArgumentException if it is not 1 to 63 lower-case letters, digits and hyphens
     */
    public static void checkName(String setting, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    setting + ": a name is 1 to 63 of the characters a-z 0-9 -, and does not begin with -");
        }
    }

    /**
     * Whether a message is a reason for an alert. Whoever has left is none: what came before was.
     *
     * @param person who the subject is; null for whoever is not a person
     */
    public boolean appliesTo(Sighting message, Person person) {
        return message.change() != Sighting.Change.LEFT
                && (person == null || !person.ignored())
                && where.includes(message.camera())
                && who.includes(message.subject(), person)
                && when.includes(message.lastAppendedAt());
    }
}
