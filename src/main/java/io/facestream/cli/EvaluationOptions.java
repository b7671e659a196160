package io.facestream.cli;

import io.facestream.evaluation.EmbeddedPhoto;
import io.facestream.evaluation.FarCamera;
import io.facestream.evaluation.LabelledPhotos;
import io.facestream.evaluation.LabelledPhotos.Photo;
import io.facestream.evaluation.PhotoEmbedder;
import io.facestream.faces.DetectionConfig;
import io.facestream.faces.FaceDetectors;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.models.ComputeDevice;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.NativeLibraries;
import io.facestream.models.Network;
import io.facestream.models.ShippedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What all evaluations take. */
final class EvaluationOptions {
    @Option(
            names = "--images",
            required = true,
            paramLabel = "DIR",
            description = "Photos: DIR/NAME/*; for detection DIR/*.")
    private Path images;

    @Option(names = "--report", paramLabel = "OUT.json", description = "Writes the figures there, and plots beside it.")
    private Path report;

    @Option(
            names = "--errors",
            paramLabel = "DIR",
            description = "Writes every error there as a picture, to be looked at.")
    private Path errors;

    @Option(
            names = "--model",
            paramLabel = "VERSION",
            description = "Of the database's registry; the network that ships with this build unless told.")
    private String model;

    @Option(names = "--people", paramLabel = "FILE", description = "Takes only these from --images: a name a line.")
    private Path people;

    @Option(
            names = "--degrade",
            paramLabel = "SIZE",
            description =
                    "Does to aligned faces what a far camera does, at SIZE pixels, or SMALLEST-LARGEST: 8 to 112.")
    private String degrade;

    @Option(
            names = "--degrade-share",
            paramLabel = "SHARE",
            defaultValue = "1",
            description = "Share of the photos that are degraded; ${DEFAULT-VALUE}.")
    private double degradeShare;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of drawings, noise and bootstrap; ${DEFAULT-VALUE}.")
    private long seed;

    Path images() {
        return images;
    }

    long seed() {
        return seed;
    }

    /** Where errors go, created; empty if they are not asked for. */
    Optional<Path> errors() throws IOException {
        if (errors != null) {
            Files.createDirectories(errors);
        }
        return Optional.ofNullable(errors);
    }

    /** Where the report goes, its folder created; empty if none is asked for. */
    Optional<Path> report() throws IOException {
        if (report != null) {
            Files.createDirectories(report.toAbsolutePath().getParent());
        }
        return Optional.ofNullable(report);
    }

    /** The names of --people; empty for all. */
    Set<String> people() throws IOException {
        if (people == null) {
            return Set.of();
        }
        Set<String> names = new HashSet<>();
        for (String line : Files.readAllLines(people)) {
            if (!line.isBlank()) {
                names.add(line.strip());
            }
        }
        return names;
    }

    /** The photos of --images, of --people only. */
    List<Photo> photos() throws IOException {
        Set<String> names = people();
        List<Photo> photos = LabelledPhotos.in(images).stream()
                .filter(photo -> names.isEmpty() || names.contains(photo.name()))
                .toList();
        if (photos.isEmpty()) {
            throw new IOException("no photos in " + images + " of the people of " + people);
        }
        return photos;
    }

    boolean degrades() {
        return degrade != null;
    }

    private Optional<FarCamera> farCamera() {
        if (degrade == null) {
            return Optional.empty();
        }
        String[] sizes = degrade.split("-", 2);
        try {
            return Optional.of(new FarCamera(
                    Integer.parseInt(sizes[0]), Integer.parseInt(sizes[sizes.length - 1]), degradeShare, seed));
        } catch (NumberFormatException e) {
            throw new TypeConversionException(
                    "--degrade is a size in pixels, or two with a hyphen between, not " + degrade);
        }
    }

    /** The networks of an evaluation; close them. */
    record Networks(PhotoEmbedder embedder, int threads) implements AutoCloseable {
        List<EmbeddedPhoto> embed(String task, List<Photo> photos) throws IOException {
            try (ProgressBar bar = Progress.bar(task, photos.size(), false)) {
                return embedder.embed(photos, threads, bar::step);
            }
        }

        /** The same networks, probes degraded; closed with these. */
        Networks with(FarCamera camera) {
            return new Networks(
                    new PhotoEmbedder(
                            embedder.decoder(),
                            embedder.detectors(),
                            embedder.version(),
                            embedder.network(),
                            Optional.of(camera)),
                    threads);
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

    /** Loads detector and the recognition network of --model: as many photos at a time as there are cores. */
    Networks load(Settings settings) throws SQLException {
        return load(settings, model);
    }

    /** @param model its version in the registry; null for the network that ships with this build */
    Networks load(Settings settings, String model) throws SQLException {
        Optional<FarCamera> farCamera = farCamera();
        int threads = Runtime.getRuntime().availableProcessors();
        NativeLibraries.useThreads(1);
        ModelVersion version;
        byte[] weights;
        if (model == null) {
            weights = ShippedModel.weights();
            version = ShippedModel.version(weights);
        } else {
            ModelRegistry registry = new ModelRegistry(settings.database());
            version = registry.find(model)
                    .orElseThrow(() -> new IllegalArgumentException("no model version " + model + " in the registry"));
            weights = registry.weights(version);
        }
        FaceDetectors detectors = FaceDetectors.load(settings.get(DetectionConfig.class));
        Network network = Network.load(version.version(), weights, ComputeDevice.AUTO);
        PictureDecoder decoder = new PictureDecoder(settings.get(PictureBounds.class));
        return new Networks(new PhotoEmbedder(decoder, detectors, version, network, farCamera), threads);
    }
}
