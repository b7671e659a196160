package io.facestream.web.threshold;

import io.facestream.identities.DecisionRule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Recorded faces, judged by one rule and by another. */
final class WhatIf {
    /** The same person after that is another visit: as {@code facestream.sightings.rejoin} by default. */
    static final Duration GAP = Duration.ofSeconds(30);

    private final List<Passage> passages;
    private final long gone;

    private record Key(String camera, UUID person) {}

    /** @param people who those nearest to the faces are now; of those who are gone, faces are left out */
    WhatIf(List<SeenFace> faces, Map<UUID, KnownPerson> people) {
        Map<Key, List<SeenFace>> all = new LinkedHashMap<>();
        long left = 0;
        for (SeenFace face : faces) {
            KnownPerson person = people.get(face.nearest());
            if (person == null) {
                left++;
            } else {
                all.computeIfAbsent(new Key(face.camera(), person.id()), key -> new ArrayList<>())
                        .add(face);
            }
        }
        gone = left;
        passages = all.entrySet().stream()
                .flatMap(each -> split(each.getValue()).stream()
                        .map(part -> new Passage(
                                people.get(part.get(0).nearest()), each.getKey().camera(), part)))
                .sorted(Passage.latestFirst())
                .toList();
    }

    private static List<List<SeenFace>> split(List<SeenFace> faces) {
        List<List<SeenFace>> parts = new ArrayList<>();
        Instant last = null;
        for (SeenFace face :
                faces.stream().sorted(Comparator.comparing(SeenFace::at)).toList()) {
            if (last == null || Duration.between(last, face.at()).compareTo(GAP) > 0) {
                parts.add(new ArrayList<>());
            }
            parts.get(parts.size() - 1).add(face);
            last = face.at();
        }
        return parts;
    }

    /** Faces that were nearest to somebody who is not in the gallery any more. */
    long gone() {
        return gone;
    }

    long named(DecisionRule rule) {
        return passages.stream().filter(each -> each.isNamed(rule)).count();
    }

    /** Those who have a name by one rule and none by the other, the latest first. */
    List<Passage> onlyBy(DecisionRule rule, DecisionRule other) {
        return passages.stream()
                .filter(each -> each.isNamed(rule) && !each.isNamed(other))
                .toList();
    }

    /** Faces whose decision was another one when they were seen. */
    long otherwise(DecisionRule rule) {
        return passages.stream()
                .mapToLong(each -> each.faces().stream()
                        .filter(face -> Passage.decision(rule, each.person(), face) != face.decision())
                        .count())
                .sum();
    }
}
