package io.facestream.web.rules;

import java.time.ZoneId;
import java.util.List;

/** All rules by name, and all targets. */
public record Rules(List<ShownRule> rules, List<TargetState> targets) {
    public Rules {
        rules = List.copyOf(rules);
        targets = List.copyOf(targets);
    }

    /** What a form for a new one begins with: times are those of whoever fills it in. */
    public ShownRule blank(ZoneId zone) {
        return ShownRule.blank(zone);
    }
}
