package io.facestream.web.rules;

import io.facestream.messaging.Json;
import io.facestream.messaging.Sha256;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * A rule. Of one of the settings only the name is known, and all lists are empty.
 *
 * @param who words, tags, and people by name; strangers by id
 * @param where none for all cameras
 * @param when none for always
 * @param coolDown null for a rule of the settings
 * @param missing of its targets, those that the settings do not have any more
 */
public record ShownRule(
        String name,
        boolean isOfSettings,
        List<String> who,
        List<String> where,
        List<String> when,
        String zone,
        Duration coolDown,
        List<String> targets,
        List<String> missing) {
    private static final double MINUTE = 60_000;

    public ShownRule {
        who = List.copyOf(who);
        where = List.copyOf(where);
        when = List.copyOf(when);
        targets = List.copyOf(targets);
        missing = List.copyOf(missing);
    }

    /** A rule that is to be made. */
    static ShownRule blank(ZoneId zone) {
        return new ShownRule(
                "", false, List.of(), List.of(), List.of(), zone.getId(), Duration.ZERO, List.of(), List.of());
    }

    /** Changes with what the rule says, the names of its people included; not with targets that the settings lose. */
    public String revision() {
        String ofTimes = zone == null ? "" : zone;
        return Sha256.hex(Json.write(List.of(name, who, where, when, ofTimes, String.valueOf(coolDown), targets)));
    }

    public boolean isNew() {
        return name.isEmpty();
    }

    public boolean isMissing(String target) {
        return missing.contains(target);
    }

    public boolean tells(String target) {
        return targets.contains(target);
    }

    /** Each in a line of its own, as a form has them. */
    public String lines(List<String> texts) {
        return String.join("\n", texts);
    }

    /** In minutes, as a form has it: without decimals where it has none. */
    public String coolDownMinutes() {
        double minutes = coolDown.toMillis() / MINUTE;
        return minutes == Math.rint(minutes) ? Long.toString((long) minutes) : Double.toString(minutes);
    }

    /**
     * Reads what a form has for a cool-down; none for a blank text.
     *
     * @throws IllegalArgumentException if it is not a finite number
     */
    static Duration coolDown(String minutes) {
        try {
            double number = minutes.isBlank() ? 0 : Double.parseDouble(minutes.strip());
            if (!Double.isFinite(number)) {
                throw new NumberFormatException("not finite");
            }
            return Duration.ofMillis(Math.round(MINUTE * number));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("coolDown is a number of minutes", e);
        }
    }
}
