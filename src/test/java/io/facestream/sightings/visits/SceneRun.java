package io.facestream.sightings.visits;

import io.facestream.configuration.Settings;
import io.facestream.faces.Box;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.frames.FrameInfo;
import io.facestream.gallery.GalleryState;
import io.facestream.gallery.Neighbour;
import io.facestream.identities.Decider;
import io.facestream.identities.Identification;
import io.facestream.identities.IdentityEvent;
import io.facestream.identities.MatchingConfig;
import io.facestream.messaging.RecordPointer;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.tracking.SeenFace;
import io.facestream.sightings.vote.Verdict;
import io.facestream.sightings.vote.VoteRules;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * Runs scenes through the visits of one camera, and the same boxes through tracking by overlap alone.
 * {@code SceneRun DATA KEPT VISITS FPS SEEDS [BOXES]}: the folder of photos, or {@code -} for people who are made up,
 * the file of their vectors, visits a scene, frames a second, first and last seed as {@code 1-10}, and a {@link
 * SceneFile} to write, or {@code pictures}, to paint each frame and have the detector look at it.
 */
final class SceneRun {
    static final VisitRules RULES = new VisitRules(
            new VoteRules(2, Duration.ofMillis(600), 0.999),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5));

    private static final Instant START = Instant.parse("2026-05-04T09:30:00Z");
    private static final String VERSION = "mobilefacenet-1";

    private final FilmedPeople people;
    private final Map<String, float[]> templates = new LinkedHashMap<>();
    private final Decider decider;
    private final Random random;

    SceneRun(FilmedPeople people, long seed) {
        this.people = people;
        this.random = new Random(seed);
        List<String> names = new ArrayList<>(people.people().keySet());
        Collections.shuffle(names, random);
        names.subList(0, names.size() / 2)
                .forEach(name ->
                        templates.put(name, mean(people.people().get(name).samples())));
        ModelVersion version = ShippedModel.version(ShippedModel.weights());
        this.decider = new Decider(
                version,
                new GalleryState(1, templates.size(), 0),
                Settings.load().get(MatchingConfig.class));
    }

    static float[] mean(List<float[]> samples) {
        float[] sum = new float[samples.get(0).length];
        for (float[] sample : samples) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += sample[i];
            }
        }
        return unit(sum);
    }

    private static float[] unit(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += x * x;
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / Math.sqrt(squares));
        }
        return unit;
    }

    Scene scene(int visits, int framesPerSecond) {
        return Scene.of(List.copyOf(people.people().keySet()), visits, framesPerSecond, random.nextLong());
    }

    Set<String> enrolled() {
        return templates.keySet();
    }

    /** Every frame as the role gets it: kept vectors of the people, in the scene's own boxes. */
    List<SeenFrame> filmed(Scene scene) {
        return filmed(scene, (frame, face) -> {
            Scene.Shown shown = scene.frames().get(frame).shown().get(face);
            return shown.visit() < 0 ? nobody(shown.size()) : view(shown);
        });
    }

    /** @param of the view of a face, by the numbers of its frame and its place there */
    List<SeenFrame> filmed(Scene scene, BiFunction<Integer, Integer, FilmedPeople.View> of) {
        List<SeenFrame> frames = new ArrayList<>();
        for (int i = 0; i < scene.frames().size(); i++) {
            Scene.Frame frame = scene.frames().get(i);
            Instant taken = START.plusMillis(Math.round(frame.seconds() * 1000));
            RecordPointer pointer = new RecordPointer("camera-frames", 0, i);
            FrameInfo info = new FrameInfo("f" + i, "/cameras/c", "c", taken, taken, 1280, 720, pointer, null);
            List<SeenFace> faces = new ArrayList<>();
            for (int k = 0; k < frame.shown().size(); k++) {
                Scene.Shown shown = frame.shown().get(k);
                faces.add(face(info, k, shown.box(), of.apply(i, k)));
            }
            frames.add(new SeenFrame(info, faces));
        }
        return frames;
    }

    private SeenFace face(FrameInfo frame, int index, Box box, FilmedPeople.View view) {
        List<Neighbour> nearest = templates.entrySet().stream()
                .map(of -> new Neighbour(id(of.getKey()), of.getKey(), distance(of.getValue(), view.vector())))
                .sorted(Comparator.comparingDouble(Neighbour::distance))
                .limit(5)
                .toList();
        Identification identification = decider.decide(view.quality(), nearest);
        Verdict verdict = new Verdict(
                identification.decision(),
                identification instanceof Identification.Unknown unknown ? unknown.reason() : null,
                nearest.get(0).identityId(),
                decider.probability(view.quality(), nearest));
        return new SeenFace(
                frame.id() + "#" + index,
                index,
                box,
                view.quality(),
                verdict,
                VERSION,
                view.vector(),
                new IdentityEvent.Pointers(frame.pointer(), frame.pointer(), frame.pointer()));
    }

    private FilmedPeople.View view(Scene.Shown shown) {
        List<FilmedPeople.View[]> views = people.people().get(shown.person()).views();
        int size = 0;
        while (size < FilmedPeople.SIZES.length - 1 && FilmedPeople.SIZES[size + 1] <= shown.size() * 1.1) {
            size++;
        }
        FilmedPeople.View view = views.get(random.nextInt(views.size()))[size];
        Quality of = view.quality();
        return new FilmedPeople.View(
                view.vector(), new Quality(shown.size(), of.sharpness(), of.brightness(), of.pose(), of.norm()));
    }

    /** A false face: no person, and a short vector. */
    private FilmedPeople.View nobody(float size) {
        float[] vector = new float[192];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return new FilmedPeople.View(
                unit(vector), new Quality(size, 100, 100, new Pose(0, 0, 0), 15 + random.nextFloat() * 20));
    }

    static float distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return (float) Math.sqrt(squares);
    }

    static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** What is told of the scene by the visits of one camera. */
    List<SceneScore.Told> tell(Scene scene, List<SeenFrame> frames) {
        CameraVisits visits = new CameraVisits(RULES);
        Names names = new Names();
        templates.keySet().forEach(name -> names.put(id(name), name));
        Map<VisitKey, SceneScore.Told> tracks = new HashMap<>();
        Map<String, Sighting> rows = new LinkedHashMap<>();
        for (int i = 0; i < frames.size(); i++) {
            visits.see(frames.get(i), names).forEach(told -> rows.put(told.sightingId(), told));
            Scene.Frame frame = scene.frames().get(i);
            for (int k = 0; k < frame.shown().size(); k++) {
                SceneScore.Told told = tracks.computeIfAbsent(visits.latest().get(k), key -> new SceneScore.Told());
                told.faces.add(new SceneScore.Face(i, k, frame.shown().get(k).visit(), frame.seconds()));
            }
        }
        List<SceneScore.Told> all = new ArrayList<>();
        tracks.forEach((key, told) -> {
            Sighting row = rows.get("f" + key.offset() + "#" + key.index());
            if (row != null) {
                told.name = row.subject().name();
                all.add(told);
            }
        });
        return all;
    }

    /**
     * Every message of the frames.
     *
     * @param restored whether the visits are stored and read again after each frame
     */
    static List<String> rows(CameraVisits camera, List<SeenFrame> frames, boolean restored) {
        CameraVisits visits = camera;
        Map<VisitKey, byte[]> stored =
                new TreeMap<>(Comparator.comparingLong(VisitKey::offset).thenComparingInt(VisitKey::index));
        List<String> told = new ArrayList<>();
        for (SeenFrame frame : frames) {
            visits.see(frame, new Names()).forEach(sighting -> told.add(sighting.toString()));
            visits.changes().forEach((key, row) -> {
                if (row == null) {
                    stored.remove(key);
                } else {
                    stored.put(key, row);
                }
            });
            visits = restored ? CameraVisits.restore(RULES, visits.clock(), stored) : visits;
        }
        return told;
    }

    /** The same by overlap alone, as SORT does it: the greatest overlaps first, 0.3 at least, with the same absence. */
    static List<SceneScore.Told> byOverlap(Scene scene, List<SeenFrame> frames) {
        record Track(SceneScore.Told told, Box box, double seen) {}
        List<Track> tracks = new ArrayList<>();
        List<SceneScore.Told> all = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            Scene.Frame frame = scene.frames().get(i);
            tracks.removeIf(track -> frame.seconds() - track.seen > 5);
            List<Track> free = new ArrayList<>(tracks);
            for (int k = 0; k < frame.shown().size(); k++) {
                Scene.Shown shown = frame.shown().get(k);
                Track best = free.stream()
                        .filter(track -> track.box.intersectionOverUnion(shown.box()) >= 0.3)
                        .max(Comparator.comparingDouble(track -> track.box.intersectionOverUnion(shown.box())))
                        .orElse(null);
                SceneScore.Told told = best == null ? new SceneScore.Told() : best.told;
                if (best == null) {
                    all.add(told);
                } else {
                    free.remove(best);
                    tracks.remove(best);
                }
                told.faces.add(new SceneScore.Face(i, k, shown.visit(), frame.seconds()));
                tracks.add(new Track(told, shown.box(), frame.seconds()));
            }
        }
        all.removeIf(told -> told.faces.size() < 2);
        return all;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    public static void main(String[] arguments) throws IOException {
        FilmedPeople people = arguments[0].equals("-")
                ? FilmedPeople.madeUp(120, 1)
                : FilmedPeople.of(Path.of(arguments[0]), Path.of(arguments[1]));
        int visits = Integer.parseInt(arguments[2]);
        int framesPerSecond = Integer.parseInt(arguments[3]);
        String[] seeds = arguments[4].split("-");
        SceneScore ours = SceneScore.none();
        SceneScore overlap = SceneScore.none();
        boolean painted = arguments.length > 5 && arguments[5].equals("pictures");
        ScenePictures pictures = painted ? new ScenePictures(Path.of(arguments[0])) : null;
        try (Writer boxes = arguments.length > 5 && !painted
                ? Files.newBufferedWriter(Path.of(arguments[5]))
                : Writer.nullWriter()) {
            for (long seed = Long.parseLong(seeds[0]); seed <= Long.parseLong(seeds[seeds.length - 1]); seed++) {
                SceneRun run = new SceneRun(people, seed);
                Scene scene = run.scene(visits, framesPerSecond);
                List<SeenFrame> frames;
                if (painted) {
                    ScenePictures.Seen seen = pictures.look(scene, seed);
                    scene = seen.scene();
                    frames = run.filmed(
                            scene, (frame, face) -> seen.views().get(frame).get(face));
                } else {
                    frames = run.filmed(scene);
                }
                long started = cpuNanos();
                List<SceneScore.Told> told = run.tell(scene, frames);
                SceneScore score = SceneScore.of(scene, told, run.enrolled());
                long faces =
                        frames.stream().mapToLong(frame -> frame.faces().size()).sum();
                System.out.printf(
                        "seed %d: %s; %.3f ms of CPU a face%n", seed, score, (cpuNanos() - started) / 1e6 / faces);
                ours = ours.plus(score);
                overlap = overlap.plus(SceneScore.of(scene, byOverlap(scene, frames), run.enrolled()));
                SceneFile.write(boxes, seed, scene, told, score);
            }
        }
        System.out.println("sightings:  " + ours);
        System.out.println("by overlap: " + overlap);
    }
}
