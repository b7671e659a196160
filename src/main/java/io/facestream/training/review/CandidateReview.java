package io.facestream.training.review;

import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.embeddings.NoEmbeddingException;
import io.facestream.faces.FaceAligner;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.frames.Picture;
import io.facestream.models.Calibration;
import io.facestream.models.ModelMetrics;
import io.facestream.models.ModelMetrics.CalibrationBasis;
import io.facestream.models.ModelVersion;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.FarCamera;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.training.commands.Augmentation;
import io.facestream.training.commands.TrainingSettings;
import io.facestream.training.data.Augmenter;
import io.facestream.training.data.ChipStore;
import io.facestream.training.data.TrainingSet.Person;
import io.facestream.training.network.NetworkGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Embeds the photos of the people held back under a trained network and under its base, and judges and calibrates the
 * network by them.
 */
public class CandidateReview {
    /** Only a person's first photos count: people with hundreds would take most of the time and add little. */
    private static final int MOST_OF_ONE = 10;

    /** Bounds time and memory, since comparisons grow with the square. */
    private static final int MOST_PEOPLE = 1_000;

    private static final int FAR = 32;
    private static final int FARTHEST = 16;

    /**
     * For a network from random weights: its distances are not compared with another network's, and only a person
     * promotes it.
     */
    private static final CandidateCalibration UNCALIBRATED =
            new CandidateCalibration(Calibration.NONE, 1, new CalibrationBasis("not calibrated", List.of()));

    private final ComputeDevice device;

    public CandidateReview(ComputeDevice device) {
        this.device = device;
    }

    /**
     * The result of a review on the people held back.
     *
     * @param reason reason for the verdict, in words
     * @param comparisons with the base
     * @param calibration of the trained network
     */
    public record Review(
            Gate.Verdict verdict,
            String reason,
            List<ModelMetrics.Comparison> comparisons,
            CandidateCalibration calibration) {}

    /** A chip of a person held back. */
    private record HeldBack(Photo photo, int person, int chip) {}

    /** A change made to a chip before it is embedded. */
    private interface Change {
        Picture apply(Picture chip, HeldBack heldBack);
    }

    /**
     * Judges a network.
     *
     * @param base version to compare with
     * @param heldBack people with at least two photos each; may be empty
     * @param fineTuned whether the network began as the base; otherwise the base's distances mean nothing under it
     * @param check called between photos; an exception from it ends the review
     */
    public Review review(
            ModelVersion base,
            byte[] baseWeights,
            byte[] trained,
            ChipStore chips,
            List<Person> heldBack,
            TrainingSettings settings,
            boolean fineTuned,
            Runnable check)
            throws IOException {
        List<HeldBack> photos = photos(heldBack);
        if (photos.isEmpty()) {
            return new Review(
                    Gate.Verdict.MANUAL,
                    "nobody was held back, so nothing was measured",
                    List.of(),
                    fineTuned ? asBase(base, settings) : UNCALIBRATED);
        }
        boolean augmented = settings.augmentation() != Augmentation.NONE;
        List<EmbeddedPhoto> cleanBase;
        List<EmbeddedPhoto> augmentedBase;
        try (Network network = Network.load(base.version(), baseWeights, device);
                FaceEmbedder embedder = new FaceEmbedder(network, base.inputSide())) {
            cleanBase = clean(photos, chips, embedder, base.mirrorAveraging(), check);
            augmentedBase = augmented ? embed(photos, chips, embedder, augmenting(settings), check) : List.of();
        }
        try (Network network = Network.load("the trained network", trained, device);
                FaceEmbedder embedder = new FaceEmbedder(network, NetworkGraph.INPUT_SIDE)) {
            List<EmbeddedPhoto> clean = clean(photos, chips, embedder, base.mirrorAveraging(), check);
            List<HeldBackVectors> kinds = new ArrayList<>();
            kinds.add(new HeldBackVectors("clean", byPerson(photos, cleanBase), byPerson(photos, clean)));
            if (augmented) {
                List<EmbeddedPhoto> shown = embed(photos, chips, embedder, augmenting(settings), check);
                String label = settings.augmentation().label();
                kinds.add(new HeldBackVectors(label, byPerson(photos, augmentedBase), byPerson(photos, shown)));
                if (settings.augmentation() == Augmentation.FAR_ONLY) {
                    // Galleries hold clear photos: both networks have to put a person in the same place.
                    List<HeldBack> twice = joined(photos, photos);
                    kinds.add(new HeldBackVectors(
                            "clean-and-" + label,
                            byPerson(twice, joined(cleanBase, augmentedBase)),
                            byPerson(twice, joined(clean, shown))));
                }
            }
            Gate.Outcome outcome = new Gate(settings.seed()).judge(kinds);
            if (outcome.verdict() == Gate.Verdict.REJECTED || !fineTuned) {
                return new Review(
                        outcome.verdict(),
                        outcome.reason(),
                        outcome.comparisons(),
                        fineTuned ? asBase(base, settings) : UNCALIBRATED);
            }
            List<List<EmbeddedPhoto>> far = List.of(
                    withSamples(clean, embed(photos, chips, embedder, farCamera(FAR, FAR, settings.seed()), check)),
                    withSamples(
                            clean,
                            embed(
                                    photos,
                                    chips,
                                    embedder,
                                    farCamera(FARTHEST, FaceAligner.TEMPLATE_SIZE, settings.seed()),
                                    check)));
            return new Review(
                    outcome.verdict(),
                    outcome.reason(),
                    outcome.comparisons(),
                    CandidateCalibration.fit(base, cleanBase, clean, far, settings.seed()));
        } catch (NoEmbeddingException e) {
            return new Review(
                    Gate.Verdict.REJECTED,
                    "unusable: on a photo of the people held back, " + e.getMessage(),
                    List.of(),
                    fineTuned ? asBase(base, settings) : UNCALIBRATED);
        }
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** Without photos, the base's calibration is kept. */
    private static CandidateCalibration asBase(ModelVersion base, TrainingSettings settings) {
        return CandidateCalibration.fit(base, List.of(), List.of(), List.of(), settings.seed());
    }

    private static List<HeldBack> photos(List<Person> heldBack) {
        List<HeldBack> photos = new ArrayList<>();
        for (int person = 0; person < Math.min(MOST_PEOPLE, heldBack.size()); person++) {
            Person one = heldBack.get(person);
            for (int chip :
                    one.chips().subList(0, Math.min(MOST_OF_ONE, one.chips().size()))) {
                photos.add(new HeldBack(new Photo(one.name(), Path.of(Integer.toString(chip))), person, chip));
            }
        }
        return photos;
    }

    /** The command's own augmentation, drawn alike for both networks. */
    private static Change augmenting(TrainingSettings settings) {
        Augmenter augmenter = new Augmenter(settings.augmentation());
        boolean far = settings.augmentation().degrades();
        int margin = (FaceAligner.CHIP_SIZE - NetworkGraph.INPUT_SIDE) / 2;
        return (chip, heldBack) -> {
            Mat changed = chip.rgb().clone();
            try (Rect middle = new Rect(margin, margin, NetworkGraph.INPUT_SIDE, NetworkGraph.INPUT_SIDE);
                    Mat target = changed.apply(middle)) {
                augmenter.apply(chip, far, new Random(settings.seed() * 31 + heldBack.chip()), target);
            }
            return new Picture(changed);
        };
    }

    private static Change farCamera(int smallest, int largest, long seed) {
        FarCamera camera = new FarCamera(smallest, largest, 1, seed);
        return (chip, heldBack) -> camera.degrade(chip, heldBack.photo().label());
    }

    private static List<EmbeddedPhoto> clean(
            List<HeldBack> photos, ChipStore chips, FaceEmbedder embedder, boolean mirrorAveraging, Runnable check)
            throws IOException {
        List<EmbeddedPhoto> embedded = new ArrayList<>();
        for (HeldBack heldBack : photos) {
            check.run();
            try (Picture chip = chips.read(heldBack.chip())) {
                Embedding probe = embedder.embed(chip);
                Embedding sample = mirrorAveraging
                        ? embedder.embedWithMirrorImage(List.of(chip)).get(0)
                        : probe;
                embedded.add(new EmbeddedPhoto(heldBack.photo(), qualityOf(probe), probe, sample));
            }
        }
        return embedded;
    }

    /** Combines degraded probes with clean samples, since galleries hold undegraded photos. */
    private static List<EmbeddedPhoto> withSamples(List<EmbeddedPhoto> clean, List<EmbeddedPhoto> probes) {
        List<EmbeddedPhoto> both = new ArrayList<>();
        for (int i = 0; i < probes.size(); i++) {
            EmbeddedPhoto probe = probes.get(i);
            both.add(new EmbeddedPhoto(
                    probe.photo(), probe.quality(), probe.probe(), clean.get(i).sample()));
        }
        return both;
    }

    private static List<EmbeddedPhoto> embed(
            List<HeldBack> photos, ChipStore chips, FaceEmbedder embedder, Change change, Runnable check)
            throws IOException {
        List<EmbeddedPhoto> embedded = new ArrayList<>();
        for (HeldBack heldBack : photos) {
            check.run();
            try (Picture chip = chips.read(heldBack.chip());
                    Picture changed = change.apply(chip, heldBack)) {
                Embedding embedding = embedder.embed(changed);
                embedded.add(new EmbeddedPhoto(heldBack.photo(), qualityOf(embedding), embedding, embedding));
            }
        }
        return embedded;
    }

    /** Only the norm is known of a chip from the store, and only the norm is used. */
    private static Quality qualityOf(Embedding embedding) {
        return new Quality(FaceAligner.TEMPLATE_SIZE, 0, 0, new Pose(0, 0, 0), embedding.norm());
    }

    private static List<float[][]> byPerson(List<HeldBack> photos, List<EmbeddedPhoto> embedded) {
        List<List<float[]>> vectors = new ArrayList<>();
        for (int i = 0; i < photos.size(); i++) {
            int person = photos.get(i).person();
            if (person == vectors.size()) {
                vectors.add(new ArrayList<>());
            }
            vectors.get(person).add(embedded.get(i).probe().vector());
        }
        return vectors.stream().map(ofOne -> ofOne.toArray(float[][]::new)).toList();
    }
}
