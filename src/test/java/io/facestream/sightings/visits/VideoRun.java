package io.facestream.sightings.visits;

import io.facestream.configuration.Settings;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.faces.Quality;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.gallery.GalleryState;
import io.facestream.gallery.Neighbour;
import io.facestream.identities.Decider;
import io.facestream.identities.Identification;
import io.facestream.identities.MatchingConfig;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.FarCamera;
import io.facestream.photos.LabelledPhotos;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoEmbedder;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.vote.Poll;
import io.facestream.sightings.vote.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Each video of {@code ytf-dev} as a visit: how often enrolled people are not named, by visits and by frames alone, at
 * thresholds at which equally many strangers get a name. {@code VideoRun DATA [FAR]}: the folder of photos, and the
 * width in pixels of faces of a far camera.
 *
 * <p>A random half of the people is enrolled with up to three photos of {@code lfw-dev}; the other half are strangers.
 * A frame's score is its calibrated probability, a visit's the share of the person who leads its votes. A face that is
 * not found has no score: it is never named. The mean of 50 halves depends on which they are, so 20 times 50 are taken.
 */
final class VideoRun {
    private static final int HALVES = 50;
    private static final int TIMES = 20;
    private static final int RESAMPLINGS = 1_000;
    private static final double FPIR = 0.05;
    private static final int MOST_SAMPLES = 3;
    private static final long MILLIS_BETWEEN_FRAMES = 400;

    /** One video, its frames in order. */
    private record Video(String person, List<EmbeddedPhoto> frames) {}

    /**
     * The score of one attempt to name somebody.
     *
     * @param mated whether the person is enrolled
     * @param right whether the name would be theirs
     */
    private record Attempt(String person, boolean mated, boolean right, double score) {}

    private record Attempts(List<Attempt> frames, List<Attempt> visits) {}

    private final Map<String, List<float[]>> samples = new TreeMap<>();
    private final List<Video> videos = new ArrayList<>();
    private final ModelVersion version = ShippedModel.version(ShippedModel.weights());

    private void read(Path data, Optional<Integer> far) throws IOException {
        Settings settings = Settings.load();
        PictureBounds bounds = settings.get(PictureBounds.class);
        Map<String, List<Photo>> byVideo = new TreeMap<>();
        for (Photo photo : LabelledPhotos.of(data.resolve("ytf-dev")).photos()) {
            String video = photo.file().getFileName().toString().split("_")[0];
            byVideo.computeIfAbsent(photo.name() + "/" + video, key -> new ArrayList<>())
                    .add(photo);
        }
        Set<String> filmed = new HashSet<>();
        byVideo.values().forEach(photos -> filmed.add(photos.get(0).name()));
        List<Photo> enrolled = LabelledPhotos.of(data.resolve("lfw-dev")).photos().stream()
                .filter(photo -> filmed.contains(photo.name()))
                .toList();
        try (FaceDetectors detectors = FaceDetectors.load(settings.get(DetectionConfig.class));
                Network network = Network.load(version.version(), ShippedModel.weights(), ComputeDevice.AUTO)) {
            PhotoEmbedder near = new PhotoEmbedder(
                    new PictureDecoder(bounds),
                    bounds.maxBytes(),
                    detectors,
                    version,
                    network,
                    Optional.empty(),
                    Optional.empty());
            int threads = Runtime.getRuntime().availableProcessors();
            for (EmbeddedPhoto sample : near.embed(enrolled, threads, () -> {})) {
                List<float[]> of = samples.computeIfAbsent(sample.photo().name(), name -> new ArrayList<>());
                if (sample.detected() && of.size() < MOST_SAMPLES) {
                    of.add(sample.sample().vector());
                }
            }
            PhotoEmbedder camera = far.isEmpty() ? near : near.with(new FarCamera(far.get(), far.get(), 1, 7));
            for (List<Photo> photos : byVideo.values()) {
                videos.add(new Video(photos.get(0).name(), camera.embed(photos, threads, () -> {})));
            }
        }
        samples.values().removeIf(List::isEmpty);
    }

    private Attempts attempts(Set<String> enrolled) {
        Map<String, float[]> templates = new LinkedHashMap<>();
        enrolled.forEach(name -> templates.put(name, SceneRun.mean(samples.get(name))));
        Decider decider = new Decider(
                version,
                new GalleryState(1, templates.size(), 0),
                Settings.load().get(MatchingConfig.class));
        Attempts attempts = new Attempts(new ArrayList<>(), new ArrayList<>());
        for (Video video : videos) {
            boolean mated = enrolled.contains(video.person);
            UUID person = SceneRun.id(video.person);
            Poll poll = new Poll();
            for (int i = 0; i < video.frames.size(); i++) {
                EmbeddedPhoto frame = video.frames.get(i);
                if (!frame.detected()) {
                    attempts.frames.add(new Attempt(video.person, mated, false, -1));
                    continue;
                }
                Verdict verdict = verdict(decider, templates, frame);
                boolean right = verdict.nearest().equals(person);
                double score = verdict.reason() == null ? verdict.probability() : -1;
                attempts.frames.add(new Attempt(video.person, mated, right, score));
                poll.add(verdict, frame.quality(), version.version(), i * MILLIS_BETWEEN_FRAMES);
            }
            List<Sighting.Vote> votes = poll.votes();
            boolean right = !votes.isEmpty() && votes.get(0).identityId().equals(person);
            double score = votes.isEmpty() ? -1 : votes.get(0).weight();
            attempts.visits.add(new Attempt(video.person, mated, right, score));
        }
        return attempts;
    }

    private Verdict verdict(Decider decider, Map<String, float[]> templates, EmbeddedPhoto frame) {
        List<Neighbour> nearest = templates.entrySet().stream()
                .map(of -> new Neighbour(
                        SceneRun.id(of.getKey()),
                        of.getKey(),
                        SceneRun.distance(of.getValue(), frame.probe().vector()),
                        samples.get(of.getKey()).size()))
                .sorted(Comparator.comparingDouble(Neighbour::distance))
                .limit(5)
                .toList();
        Quality found = frame.quality();
        Quality quality = new Quality(
                found.size(),
                found.sharpness(),
                found.brightness(),
                found.pose(),
                frame.probe().norm());
        Identification decided = decider.decide(quality, nearest);
        return new Verdict(
                decided.decision(),
                decided instanceof Identification.Unknown unknown ? unknown.reason() : null,
                nearest.get(0).identityId(),
                decider.probability(quality, nearest));
    }

    /**
     * The share of enrolled people's attempts that are not named rightly, at the threshold that {@link #FPIR} of the
     * strangers' attempts pass.
     *
     * @param times how often each person counts
     */
    private static double fnir(List<Attempt> attempts, Map<String, Integer> times) {
        List<Double> strangers = new ArrayList<>();
        for (Attempt attempt : attempts) {
            for (int n = attempt.mated ? 0 : times.getOrDefault(attempt.person, 0); n > 0; n--) {
                strangers.add(attempt.score);
            }
        }
        strangers.sort(Comparator.reverseOrder());
        double threshold = strangers.get((int) (FPIR * strangers.size()));
        double all = 0;
        double missed = 0;
        for (Attempt attempt : attempts) {
            int n = attempt.mated ? times.getOrDefault(attempt.person, 0) : 0;
            all += n;
            missed += attempt.right && attempt.score > threshold ? 0 : n;
        }
        return missed / all;
    }

    private static double[] means(List<Attempts> halves, Map<String, Integer> times) {
        double frames = 0;
        double visits = 0;
        for (Attempts half : halves) {
            frames += fnir(half.frames, times) / halves.size();
            visits += fnir(half.visits, times) / halves.size();
        }
        return new double[] {frames, visits};
    }

    public static void main(String[] arguments) throws IOException {
        VideoRun run = new VideoRun();
        run.read(
                Path.of(arguments[0]),
                arguments.length > 1 ? Optional.of(Integer.parseInt(arguments[1])) : Optional.empty());
        List<String> people = new ArrayList<>(run.samples.keySet());
        long undetected = run.videos.stream()
                .flatMap(video -> video.frames.stream())
                .filter(frame -> !frame.detected())
                .count();
        System.out.printf(
                "%d people, %d videos, %d frames without a face%n", people.size(), run.videos.size(), undetected);
        Random random = new Random(1);
        List<Attempts> halves = new ArrayList<>();
        for (int i = 0; i < TIMES * HALVES; i++) {
            Collections.shuffle(people, random);
            halves.add(run.attempts(new HashSet<>(people.subList(0, people.size() / 2))));
        }
        Map<String, Integer> once = new TreeMap<>();
        people.forEach(name -> once.put(name, 1));
        double[] byHalves = new double[TIMES];
        for (int i = 0; i < TIMES; i++) {
            byHalves[i] = ratio(means(halves.subList(i * HALVES, (i + 1) * HALVES), once));
        }
        double[] byPeople = new double[RESAMPLINGS];
        for (int i = 0; i < RESAMPLINGS; i++) {
            Map<String, Integer> times = new TreeMap<>();
            people.forEach(name -> times.merge(people.get(random.nextInt(people.size())), 1, Integer::sum));
            byPeople[i] = ratio(means(halves.subList(0, HALVES), times));
        }
        double[] all = means(halves, once);
        System.out.printf(
                "FNIR at FPIR %.0f %%, %d halves: frames %.2f %%, visits %.2f %%, ratio %.3f%n",
                100 * FPIR, halves.size(), 100 * all[0], 100 * all[1], ratio(all));
        System.out.printf("ratio of the first %d halves: %.3f", HALVES, byHalves[0]);
        Arrays.sort(byHalves);
        Arrays.sort(byPeople);
        System.out.printf(
                ", of %d times as many %.3f to %.3f; bootstrap over people, 95 %%: %.3f to %.3f%n",
                TIMES,
                byHalves[0],
                byHalves[TIMES - 1],
                byPeople[RESAMPLINGS / 40],
                byPeople[RESAMPLINGS - 1 - RESAMPLINGS / 40]);
    }

    private static double ratio(double[] means) {
        return means[1] / means[0];
    }
}
