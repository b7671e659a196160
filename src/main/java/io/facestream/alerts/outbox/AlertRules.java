package io.facestream.alerts.outbox;

import io.facestream.alerts.rules.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What is stored of which visits.
 *
 * @param settle how long alerts for somebody unknown wait for a name
 * @param maxAge of each target: older news are not sent
 */
public record AlertRules(List<Rule> rules, Duration settle, Map<String, Duration> maxAge) {
    public AlertRules {
        rules = List.copyOf(rules);
        maxAge = Map.copyOf(maxAge);
    }
}
