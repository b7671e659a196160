package io.facestream.cli.people;

import io.facestream.cli.terminal.Failures;
import io.facestream.cli.topics.RecordPublisher;
import io.facestream.configuration.Settings;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.enrolment.EnrolmentConfig;
import io.facestream.enrolment.EnrolmentGate;
import io.facestream.enrolment.EnrolmentReason;
import io.facestream.enrolment.EnrolmentRejection;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.faces.Quality;
import io.facestream.frames.PhotoFile;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.gallery.Likeness;
import io.facestream.gallery.Neighbour;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import io.facestream.messaging.Topic;
import io.facestream.models.Calibration;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.photos.LabelledPhotos.Photo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Predicts what enrolment would say about photos, one after another, without a gallery. It uses the shipped network,
 * and assumes that only the earlier photos are enrolled.
 */
final class PhotoCheck implements AutoCloseable {
    /** The default of the gallery's match_threshold. */
    private static final double TARGET_FPIR = 0.005;

    private final Settings settings;
    private final FaceDetectors detectors;
    private final FaceFinder finder;
    private final EnrolmentGate gate;
    private final ModelVersion version;
    private final Network network;
    private final FaceEmbedder embedder;
    private final Map<String, List<Embedding>> people = new LinkedHashMap<>();
    private final Map<String, String> photos = new HashMap<>();

    private PhotoCheck(Settings settings) {
        byte[] weights = ShippedModel.weights();
        this.settings = settings;
        this.version = ShippedModel.version(weights);
        this.network = Network.load(version.version(), weights, ComputeDevice.CPU);
        this.embedder = new FaceEmbedder(network, version.inputSide());
        this.detectors = FaceDetectors.load(settings.get(DetectionConfig.class));
        this.finder = new FaceFinder(detectors.detector());
        this.gate = new EnrolmentGate(
                new PictureDecoder(settings.get(PictureBounds.class)),
                finder,
                settings.get(EnrolmentConfig.class),
                settings.get(DetectionConfig.class).detector());
    }

    static PhotoCheck load(Settings settings) {
        return new PhotoCheck(settings);
    }

    PhotoVerdict check(Photo photo) {
        String file = photo.file().toString();
        try {
            PhotoFile read = PhotoFile.read(
                    photo.file(),
                    settings.get(PictureBounds.class),
                    RecordPublisher.maxPictureBytes(Topic.LABELLED_FACES));
            return check(photo, read);
        } catch (RejectedException e) {
            return rejected(photo, EnrolmentReason.UNDECODABLE.code(), e.getMessage(), null);
        } catch (IOException e) {
            return rejected(photo, "unreadable", Failures.oneLine(e), null);
        } catch (EnrolmentRejection e) {
            return rejected(
                    photo, e.reason().code(), e.getMessage(), e.quality().orElse(null));
        }
    }

    private PhotoVerdict check(Photo photo, PhotoFile read) throws EnrolmentRejection {
        String before = photos.putIfAbsent(Sha256.hex(read.image()), photo.name());
        if (before != null && !before.equals(photo.name())) {
            return rejected(
                    photo,
                    EnrolmentReason.ALREADY_ENROLLED_AS.code(),
                    "this photo is already enrolled as " + before,
                    null);
        }
        try (FaceView view = gate.find(read.image())) {
            Embedding embedding =
                    embedder.embedWithMirrorImage(List.of(view.chip())).get(0);
            Quality quality = view.quality().withNorm(embedding.norm());
            Optional<EnrolmentRejection> rejection = gate.check(quality, version);
            if (rejection.isPresent()) {
                return rejected(
                        photo, rejection.get().reason().code(), rejection.get().getMessage(), quality);
            }
            return compare(photo, embedding, quality, read.change());
        }
    }

    private PhotoVerdict compare(Photo photo, Embedding embedding, Quality quality, String change) {
        Likeness likeness = likeness(photo.name(), embedding);
        Optional<EnrolmentRejection> rejection = gate.check(likeness, photo.name(), Set.of());
        if (rejection.isPresent()) {
            return rejected(
                    photo, rejection.get().reason().code(), rejection.get().getMessage(), quality);
        }
        people.computeIfAbsent(photo.name(), name -> new ArrayList<>()).add(embedding);
        String notice = Stream.of(likeness.looksLike(), Optional.ofNullable(change))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return new PhotoVerdict(
                photo.file().toString(), photo.name(), null, null, notice.isEmpty() ? null : notice, quality);
    }

    private Likeness likeness(String name, Embedding embedding) {
        List<Embedding> own = people.getOrDefault(name, List.of());
        Optional<Neighbour> other = people.entrySet().stream()
                .filter(person -> !person.getKey().equals(name))
                .map(person -> new Neighbour(
                        null,
                        person.getKey(),
                        (float) Embedding.mean(person.getValue()).distance(embedding),
                        person.getValue().size()))
                .min(Comparator.comparingDouble(Neighbour::distance));
        return new Likeness(
                (float) Calibration.averaged(
                        version.calibration()
                                .threshold(people.size(), TARGET_FPIR)
                                .orElse(version.threshold()),
                        other.map(Neighbour::samples).orElse(1),
                        version.calibration().averaging()),
                version.separation(),
                own.isEmpty()
                        ? Optional.empty()
                        : Optional.of((float) Embedding.mean(own).distance(embedding)),
                own.stream().map(sample -> (float) sample.distance(embedding)).min(Comparator.naturalOrder()),
                own.stream()
                        .flatMap(sample -> own.stream()
                                .filter(another -> another != sample)
                                .map(another -> (float) another.distance(sample)))
                        .max(Comparator.naturalOrder()),
                other);
    }

    private static PhotoVerdict rejected(Photo photo, String reason, String message, Quality quality) {
        return new PhotoVerdict(photo.file().toString(), photo.name(), reason, message, null, quality);
    }

    @Override
    public void close() {
        finder.close();
        detectors.close();
        embedder.close();
        network.close();
    }
}
