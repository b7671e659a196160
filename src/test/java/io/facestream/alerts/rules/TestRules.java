package io.facestream.alerts.rules;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules as settings make them. */
public final class TestRules {
    private TestRules() {}

    /** A rule for all cameras at all times. */
    public static Rule rule(String name, String who, Duration coolDown, String... targets) {
        return of(name, List.of(who), List.of("*"), List.of(), "UTC", coolDown, List.of(targets));
    }

    static Rule of(
            String name,
            List<String> who,
            List<String> where,
            List<String> when,
            String zone,
            Duration coolDown,
            List<String> targets) {
        RuleConfig config = new RuleConfig() {
            @Override
            public List<String> who() {
                return who;
            }

            @Override
            public List<String> where() {
                return where;
            }

            @Override
            public Optional<List<String>> when() {
                return when.isEmpty() ? Optional.empty() : Optional.of(when);
            }

            @Override
            public String zone() {
                return zone;
            }

            @Override
            public Duration coolDown() {
                return coolDown;
            }

            @Override
            public List<String> target() {
                return targets;
            }
        };
        return Rule.of(name, config, Set.of("phone", "archive"), Duration.ofDays(7));
    }
}
