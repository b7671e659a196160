package io.facestream.web.threshold;

import io.facestream.gallery.Neighbour;
import io.facestream.identities.DecisionRule;
import io.facestream.identities.Identification.Decision;
import io.facestream.web.Texts;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Faces of a camera that were nearest to the same person, none long after the one before: about a visit.
 *
 * @param faces at least one, the first one first
 */
public record Passage(KnownPerson person, String camera, List<SeenFace> faces) {
    /** Two faces of one moment are no independent witnesses: as {@code facestream.sightings.name-span} by default. */
    static final Duration SPAN = Duration.ofMillis(600);

    /** Stands for whoever is next: only the distance matters. */
    private static final UUID NEXT = new UUID(0, 0);

    public Passage {
        faces = List.copyOf(faces);
    }

    /** Whether faces that lie apart have the name by that rule. */
    boolean isNamed(DecisionRule rule) {
        List<SeenFace> named = faces.stream()
                .filter(face -> decision(rule, person, face) == Decision.KNOWN)
                .toList();
        return !named.isEmpty()
                && Duration.between(
                                        named.get(0).at(),
                                        named.get(named.size() - 1).at())
                                .compareTo(SPAN)
                        >= 0;
    }

    static Decision decision(DecisionRule rule, KnownPerson person, SeenFace face) {
        Neighbour nearest = new Neighbour(person.id(), person.name(), face.distance(), person.photos());
        return rule.decide(
                        face.next() == null
                                ? List.of(nearest)
                                : List.of(nearest, new Neighbour(NEXT, null, face.next())))
                .decision();
    }

    public UUID personId() {
        return person.id();
    }

    public String name() {
        return person.name();
    }

    public Instant first() {
        return faces.get(0).at();
    }

    /** To the person's template, of the face that was nearest. */
    public double distance() {
        return faces.stream().mapToDouble(SeenFace::distance).min().orElseThrow();
    }

    /** The kept stranger whose faces they were; null if they were none's. */
    public UUID stranger() {
        return faces.stream()
                .map(SeenFace::stranger)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The largest distance at which a face has the person's name by that rule. */
    public double limit(DecisionRule rule) {
        return rule.of(person.photos()).threshold();
    }

    /** The visits to this camera on that day. */
    public String visitsUrl(ZoneId zone) {
        return "/?camera=" + Texts.encoded(camera) + "&day="
                + first().atZone(zone).toLocalDate();
    }

    static Comparator<Passage> latestFirst() {
        return Comparator.comparing(Passage::first).reversed();
    }
}
