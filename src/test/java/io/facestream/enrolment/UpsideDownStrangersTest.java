package io.facestream.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import io.facestream.SharedData;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.FaceFinder;
import io.facestream.frames.Picture;
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
import io.facestream.photos.Hardship;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoEmbedder;
import io.facestream.photos.PhotoSet;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Embeddings of faces that are upside down are alike for all people. One such photo in the gallery would be the
 * template of every stranger whom a camera films upside down.
 */
@Tag("own-process")
class UpsideDownStrangersTest {
    private static final int PEOPLE = 26;
    private static final int PHOTOS = 3;
    private static final int STRANGERS = 40;

    private static final SmallRyeConfig CONFIG = new SmallRyeConfigBuilder()
            .withMapping(DetectionConfig.class)
            .withMapping(EnrolmentConfig.class)
            .withMapping(MatchingConfig.class)
            .withMapping(PictureBounds.class)
            .build();

    private static FaceDetectors detectors;
    private static Network network;
    private static PhotoEmbedder embedder;
    private static EnrolmentGate gate;

    private static List<List<Path>> people;

    @BeforeAll
    static void load() {
        people =
                List.copyOf(SharedData.lfwPeople(PEOPLE + 1 + STRANGERS, PHOTOS).values());
        byte[] weights = ShippedModel.weights();
        ModelVersion version = ShippedModel.version(weights);
        PictureBounds bounds = CONFIG.getConfigMapping(PictureBounds.class);
        PictureDecoder decoder = new PictureDecoder(bounds);
        detectors = FaceDetectors.load(CONFIG.getConfigMapping(DetectionConfig.class));
        network = Network.load(version.version(), weights, ComputeDevice.AUTO);
        embedder = new PhotoEmbedder(
                decoder, bounds.maxBytes(), detectors, version, network, Optional.empty(), Optional.empty());
        gate = new EnrolmentGate(
                decoder,
                new FaceFinder(detectors.detector()),
                CONFIG.getConfigMapping(EnrolmentConfig.class),
                DetectionConfig.Detector.RFB);
    }

    @AfterAll
    static void close() {
        if (network != null) {
            network.close();
            detectors.close();
        }
    }

    @Test
    void noneIsNamedInAGalleryThatWasOfferedOneUpsideDownPhoto() throws IOException {
        List<Neighbour> named = new ArrayList<>();
        List<Embedding> templates = new ArrayList<>();
        for (List<Path> person : people.subList(0, PEOPLE)) {
            templates.add(Embedding.mean(embedded(embedder, person).stream()
                    .map(EmbeddedPhoto::sample)
                    .toList()));
        }
        Path offered = people.get(PEOPLE).get(0);
        if (accepts(upsideDown(offered))) {
            templates.add(embedded(upsideDown(), List.of(offered)).get(0).sample());
        }
        Decider decider = new Decider(
                embedder.version(),
                new GalleryState(0, templates.size(), 0),
                CONFIG.getConfigMapping(MatchingConfig.class));

        List<EmbeddedPhoto> strangers = embedded(
                upsideDown(),
                people.subList(PEOPLE + 1, people.size()).stream()
                        .map(photos -> photos.get(0))
                        .toList());
        for (EmbeddedPhoto stranger : strangers) {
            if (decider.decide(stranger.quality(), nearest(templates, stranger))
                    instanceof Identification.Known known) {
                named.add(known.match());
            }
        }

        assertThat(people).hasSize(PEOPLE + 1 + STRANGERS);
        assertThat(strangers).as("whom the detector finds").hasSizeGreaterThan(STRANGERS / 4);
        assertThat(named).isEmpty();
    }

    @Test
    void noPhotoThatIsUpsideDownIsEnrolled() {
        assertThat(people.stream().map(photos -> photos.get(0)).filter(photo -> accepts(upsideDown(photo))))
                .isEmpty();
    }

    private static boolean accepts(byte[] photo) {
        try {
            gate.find(photo).close();
            return true;
        } catch (EnrolmentRejection e) {
            return false;
        }
    }

    private static PhotoEmbedder upsideDown() {
        return embedder.with(new PhotoEmbedder.Hard(Hardship.UPSIDE_DOWN, 1));
    }

    private static byte[] upsideDown(Path photo) {
        try (Picture upright = SharedData.read(photo);
                Picture turned = upright.turned(180);
                Mat bgr = new Mat();
                BytePointer png = new BytePointer()) {
            cvtColor(turned.rgb(), bgr, COLOR_RGB2BGR);
            imencode(".png", bgr, png);
            byte[] bytes = new byte[(int) png.limit()];
            png.get(bytes);
            return bytes;
        }
    }

    /** Those of the photos in which a face was found. */
    private static List<EmbeddedPhoto> embedded(PhotoEmbedder by, List<Path> photos) throws IOException {
        List<Photo> labelled = photos.stream()
                .map(file -> new Photo(file.getParent().getFileName().toString(), file))
                .toList();
        return by.embed(labelled, 1, () -> {}).stream()
                .filter(EmbeddedPhoto::detected)
                .toList();
    }

    private static List<Neighbour> nearest(List<Embedding> templates, EmbeddedPhoto probe) {
        List<Neighbour> neighbours = new ArrayList<>();
        for (Embedding template : templates) {
            float distance = PhotoSet.distance(template.vector(), probe.probe().vector());
            neighbours.add(new Neighbour(new UUID(0, neighbours.size()), null, distance, PHOTOS));
        }
        neighbours.sort(Comparator.comparing(Neighbour::distance));
        return neighbours;
    }
}
