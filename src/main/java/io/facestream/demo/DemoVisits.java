package io.facestream.demo;

import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The visits to the sample camera, as the topic tells of them. */
final class DemoVisits {
    private static final String NOBODY = "Somebody unknown";

    private final String camera;
    private final Instant since;
    private final Map<String, Sighting> latest = new LinkedHashMap<>();

    /** @param since leaves out the visits of earlier runs */
    DemoVisits(String camera, Instant since) {
        this.camera = camera;
        this.since = since;
    }

    /** Notes a message; false if it is of another camera, or of an earlier run. */
    boolean note(Sighting message) {
        if (!message.camera().equals(camera) || message.firstAppendedAt().isBefore(since)) {
            return false;
        }
        latest.put(message.sightingId(), message);
        return true;
    }

    /** Whether there was a visit, and all are over. */
    boolean over() {
        return !latest.isEmpty()
                && latest.values().stream().allMatch(message -> message.change() == Sighting.Change.LEFT);
    }

    /** Those of these people whom no visit names. */
    List<String> missing(Set<String> people) {
        List<String> missing = new ArrayList<>(people);
        latest.values().forEach(message -> missing.remove(who(message.subject())));
        return missing;
    }

    /** A line for each person: how often, and for how long. */
    List<String> summary() {
        Map<String, List<Sighting>> visits = new TreeMap<>();
        latest.values().forEach(message -> visits.computeIfAbsent(who(message.subject()), name -> new ArrayList<>())
                .add(message));
        return visits.entrySet().stream()
                .map(of -> line(of.getKey(), of.getValue()))
                .toList();
    }

    private static String line(String who, List<Sighting> visits) {
        long millis = visits.stream()
                .mapToLong(visit ->
                        Duration.between(visit.firstSeen(), visit.lastSeen()).toMillis())
                .sum();
        return String.format(
                Locale.ROOT,
                "%s was there for %.1f s in %d visit%s.",
                who,
                millis / 1e3,
                visits.size(),
                visits.size() == 1 ? "" : "s");
    }

    private static String who(Subject subject) {
        if (subject.kind() == Subject.Kind.UNKNOWN) {
            return NOBODY;
        }
        return subject.name() == null ? subject.identityId().toString() : subject.name();
    }
}
