package io.facestream.sightings.visits;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How well sightings tell the visits of a scene. A visit is found by one sighting of which most faces are the visit's,
 * and whose time overlaps the visit's by an IoU of 0.5 at least, one to one.
 *
 * @param visits of the truth, with at least two faces: nobody could tell one from a false face
 * @param found visits that were found
 * @param split visits that are the owner of two sightings or more
 * @param merged sightings with a fifth of their faces, and three at least, of another visit
 * @param ghosts sightings of which most faces are nobody's
 * @param sightings that were told
 * @param wrong sightings whose final name is not that of the person with most faces
 * @param named sightings of enrolled people with the right name
 * @param enrolled sightings of enrolled people
 */
record SceneScore(
        int visits, int found, int split, int merged, int ghosts, int sightings, int wrong, int named, int enrolled) {
    /**
     * A face of a told sighting.
     *
     * @param frame its number in the scene
     * @param place of the face in the frame
     * @param visit whose face it is, or -1
     */
    record Face(int frame, int place, int visit, double seconds) {}

    /** A told sighting: its subject's name, null if unknown, and its faces. */
    static final class Told {
        String name;
        final List<Face> faces = new ArrayList<>();

        /** The visit of most faces; of two with equally many, the one that was seen first. */
        int owner() {
            Map<Integer, Integer> counts = counts();
            return counts.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey();
        }

        Map<Integer, Integer> counts() {
            Map<Integer, Integer> counts = new LinkedHashMap<>();
            faces.forEach(face -> counts.merge(face.visit, 1, Integer::sum));
            return counts;
        }
    }

    static SceneScore of(Scene scene, List<Told> told, Set<String> enrolledPeople) {
        Map<Integer, List<Told>> byOwner = new HashMap<>();
        int ghosts = 0;
        int merged = 0;
        int wrong = 0;
        int named = 0;
        int enrolled = 0;
        for (Told sighting : told) {
            int owner = sighting.owner();
            int size = sighting.faces.size();
            boolean mixed = sighting.counts().entrySet().stream()
                    .anyMatch(of -> of.getKey() != owner
                            && of.getKey() >= 0
                            && of.getValue() >= 3
                            && of.getValue() >= 0.2 * size);
            merged += mixed ? 1 : 0;
            if (owner < 0) {
                ghosts++;
                wrong += sighting.name == null ? 0 : 1;
                continue;
            }
            byOwner.computeIfAbsent(owner, visit -> new ArrayList<>()).add(sighting);
            String person = scene.visits().get(owner).person;
            if (sighting.name != null && !sighting.name.equals(person)) {
                wrong++;
            }
            if (enrolledPeople.contains(person)) {
                enrolled++;
                named += Objects.equals(sighting.name, person) ? 1 : 0;
            }
        }
        int visits = 0;
        int found = 0;
        int split = 0;
        for (int i = 0; i < scene.visits().size(); i++) {
            Scene.Truth truth = scene.visits().get(i);
            if (truth.frames < 2) {
                continue;
            }
            visits++;
            List<Told> candidates = byOwner.getOrDefault(i, List.of());
            found += candidates.stream().anyMatch(sighting -> overlap(truth, sighting) >= 0.5) ? 1 : 0;
            split += candidates.size() > 1 ? 1 : 0;
        }
        return new SceneScore(visits, found, split, merged, ghosts, told.size(), wrong, named, enrolled);
    }

    private static double overlap(Scene.Truth truth, Told sighting) {
        double first = sighting.faces.get(0).seconds;
        double last = sighting.faces.get(sighting.faces.size() - 1).seconds;
        double both = Math.min(last, truth.lastSeen) - Math.max(first, truth.firstSeen);
        double either = Math.max(last, truth.lastSeen) - Math.min(first, truth.firstSeen);
        return either <= 0 ? 1 : both / either;
    }

    SceneScore plus(SceneScore other) {
        return new SceneScore(
                visits + other.visits,
                found + other.found,
                split + other.split,
                merged + other.merged,
                ghosts + other.ghosts,
                sightings + other.sightings,
                wrong + other.wrong,
                named + other.named,
                enrolled + other.enrolled);
    }

    double foundPercent() {
        return 100.0 * found / visits;
    }

    double splitPercent() {
        return 100.0 * split / visits;
    }

    double mergedPercent() {
        return 100.0 * merged / visits;
    }

    double ghostsPerHundred() {
        return 100.0 * ghosts / visits;
    }

    double wrongPerThousand() {
        return 1000.0 * wrong / Math.max(1, sightings);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d visits: found %.1f %%, split %.1f %%, merged %.1f %%, ghosts %.1f per 100,"
                        + " wrong names %.1f per 1,000 of %d sightings, named %.1f %% of the enrolled",
                visits,
                foundPercent(),
                splitPercent(),
                mergedPercent(),
                ghostsPerHundred(),
                wrongPerThousand(),
                sightings,
                100.0 * named / Math.max(1, enrolled));
    }

    /** Of no scene. */
    static SceneScore none() {
        return new SceneScore(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
