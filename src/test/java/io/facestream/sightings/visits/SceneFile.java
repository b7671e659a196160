package io.facestream.sightings.visits;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.faces.Box;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The boxes of scenes for the trackers of others, read by {@code src/test/scripts/compare-trackers.sh}: a line of JSON
 * for each frame, and one for the truth of a scene and the score of what was told of it.
 */
final class SceneFile {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(JsonGenerator.Feature.AUTO_CLOSE_TARGET, false);

    private record Line(double seconds, List<Face> faces) {}

    /**
     * @param box left, top, right and bottom
     * @param visit its number, or -1
     * @param sighting the number of the told sighting; null if none was told
     */
    private record Face(float[] box, int visit, Integer sighting) {}

    private record Truth(long seed, int framesPerSecond, List<Visit> visits, Map<String, Integer> score) {}

    private record Visit(double firstSeen, double lastSeen, int frames) {}

    private SceneFile() {}

    static void write(Writer out, long seed, Scene scene, List<SceneScore.Told> told, SceneScore score)
            throws IOException {
        List<Integer[]> sightings = new ArrayList<>();
        scene.frames().forEach(frame -> sightings.add(new Integer[frame.shown().size()]));
        for (int i = 0; i < told.size(); i++) {
            for (SceneScore.Face face : told.get(i).faces) {
                sightings.get(face.frame())[face.place()] = i;
            }
        }
        for (int i = 0; i < scene.frames().size(); i++) {
            Scene.Frame frame = scene.frames().get(i);
            List<Face> faces = new ArrayList<>();
            for (int k = 0; k < frame.shown().size(); k++) {
                Scene.Shown shown = frame.shown().get(k);
                faces.add(
                        new Face(corners(shown.box()), shown.visit(), sightings.get(i)[k]));
            }
            write(out, new Line(frame.seconds(), faces));
        }
        List<Visit> visits = scene.visits().stream()
                .map(truth -> new Visit(truth.firstSeen, truth.lastSeen, truth.frames))
                .toList();
        Map<String, Integer> counts = new TreeMap<>(Map.of(
                "visits", score.visits(),
                "found", score.found(),
                "split", score.split(),
                "merged", score.merged(),
                "ghosts", score.ghosts()));
        write(out, new Truth(seed, scene.framesPerSecond(), visits, counts));
    }

    private static float[] corners(Box box) {
        return new float[] {box.x(), box.y(), box.x() + box.width(), box.y() + box.height()};
    }

    private static void write(Writer out, Object line) throws IOException {
        JSON.writeValue(out, line);
        out.write('\n');
    }
}
