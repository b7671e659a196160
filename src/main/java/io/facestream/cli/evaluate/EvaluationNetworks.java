package io.facestream.cli.evaluate;

import io.facestream.cli.terminal.Progress;
import io.facestream.configuration.Settings;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.evaluation.Build;
import io.facestream.evaluation.ErrorFolder;
import io.facestream.evaluation.EvaluationRun.Detector;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.EmbeddingCache;
import io.facestream.photos.FarCamera;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoChange;
import io.facestream.photos.PhotoEmbedder;
import io.facestream.photos.PhotoError;
import io.facestream.photos.Undecodable;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;

/** The networks of an evaluation. The caller closes them. */
record EvaluationNetworks(PhotoEmbedder embedder, Detector detector, int threads) implements AutoCloseable {
    /** @param model its version in the registry, or the pair that ships; null for the network that ships */
    static EvaluationNetworks load(
            Settings settings, String model, Optional<FarCamera> farCamera, Optional<EmbeddingCache> cache)
            throws SQLException {
        int threads = Runtime.getRuntime().availableProcessors();
        ModelVersion version;
        byte[] weights;
        if (model == null) {
            weights = ShippedModel.weights();
            version = ShippedModel.version(weights);
        } else if (model.equals(ShippedModel.PAIR)) {
            weights = ShippedModel.pairWeights();
            version = ShippedModel.pairVersion(weights);
        } else {
            ModelRegistry registry = new ModelRegistry(settings.database());
            version = registry.find(model)
                    .orElseThrow(() -> new IllegalArgumentException("no model version " + model + " in the registry"));
            weights = registry.weights(version);
        }
        DetectionConfig config = settings.get(DetectionConfig.class);
        Detector detector = detector(config.detector(), config);
        FaceDetectors detectors = FaceDetectors.load(config);
        Network network = Network.load(version.version(), weights, ComputeDevice.AUTO);
        PictureBounds bounds = settings.get(PictureBounds.class);
        return new EvaluationNetworks(
                new PhotoEmbedder(
                        new PictureDecoder(bounds),
                        bounds.maxBytes(),
                        detectors,
                        version,
                        network,
                        farCamera,
                        cache.map(kept -> new PhotoEmbedder.Kept(kept, key(version, detector, config)))),
                detector,
                threads);
    }

    static Detector detector(DetectionConfig.Detector detector, DetectionConfig config) {
        return new Detector(
                detector.name().toLowerCase(Locale.ROOT),
                config.smallestFace(),
                config.device().name().toLowerCase(Locale.ROOT));
    }

    /**
     * Everything that an embedding depends on, except the photo: code, detector, network, and the processor's
     * architecture, whose floating-point sums may differ.
     */
    private static String key(ModelVersion version, Detector detector, DetectionConfig config) {
        return String.join(
                "\n",
                Build.current().sources(),
                System.getProperty("os.arch"),
                detector.toString(),
                "confidence " + config.leastConfidence() + ", proposal " + config.leastProposal(),
                version.sha256(),
                version.inputSide() + " px",
                version.mirrorAveraging() ? "mirrored" : "plain");
    }

    List<EmbeddedPhoto> embed(String task, List<Photo> photos) throws IOException {
        List<EmbeddedPhoto> embedded;
        try (ProgressBar bar = Progress.bar(task, photos.size(), false)) {
            embedded = embedder.embed(photos, threads, bar::step);
        }
        if (embedder.kept().isPresent()) {
            embedder.kept().get().cache().trim();
        }
        return embedded;
    }

    void write(ErrorFolder folder, List<PhotoError> errors, List<Undecodable> undecodable) throws IOException {
        try (ProgressBar bar = Progress.bar("Writing errors", errors.size(), false)) {
            folder.write(errors, undecodable, embedder, bar::step);
        }
    }

    /** The same networks with degraded probes. They are closed together with these. */
    EvaluationNetworks with(FarCamera camera) {
        return new EvaluationNetworks(embedder.with(camera), detector, threads);
    }

    /** The same networks with photos that are changed first. They are closed together with these. */
    EvaluationNetworks with(PhotoChange change) {
        return new EvaluationNetworks(embedder.with(change), detector, threads);
    }

    ModelVersion version() {
        return embedder.version();
    }

    @Override
    public void close() {
        embedder.network().close();
        embedder.detectors().close();
    }
}
