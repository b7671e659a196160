package io.facestream.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.faces.Landmarks;
import io.facestream.faces.mtcnn.MtcnnDetector;
import io.facestream.faces.mtcnn.MtcnnNetworks;
import io.facestream.faces.mtcnn.MtcnnSettings;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole path of a picture, from its bytes to its embedding, against results stored when the path had been measured
 * on LFW. A change of any step shows here; if it is meant, and measured, {@link #main} stores the new results.
 */
class ShippedPicturesTest {
    private static final Path PICTURES = Path.of("src/main/resources/demo");
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    /** Pixels; other processors round otherwise. */
    private static final float TOLERANCE = 0.5f;

    private static MtcnnNetworks networks;
    private static FaceFinder finder;
    private static Network network;
    private static FaceEmbedder embedder;

    /** What is stored of a picture's only face. */
    record Golden(Box box, Landmarks landmarks, float norm, float[] embedding) {}

    @BeforeAll
    static void load() {
        networks = MtcnnNetworks.load(ComputeDevice.CPU);
        finder = new FaceFinder(new MtcnnDetector(networks, MtcnnSettings.DEFAULT));
        network = Network.shipped(FaceEmbedder.MOBILE_FACE_NET, ComputeDevice.CPU);
        embedder = new FaceEmbedder(network, 112);
    }

    @AfterAll
    static void close() {
        embedder.close();
        network.close();
        finder.close();
        networks.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "people/Eileen_Collins/nasa.jpg",
                "people/Grace_Hopper/us-navy.jpg",
                "people/John_Ousterhout/tk.jpg",
                "strangers/Aksel_Andersson/print.jpg"
            })
    void aShippedPictureYieldsItsStoredFaceAndEmbedding(String picture) throws IOException, RejectedException {
        Golden expected = Json.read(Files.readAllBytes(file(picture)), Golden.class);

        Golden actual = result(picture);

        assertThat(actual.box().x()).isCloseTo(expected.box().x(), within(TOLERANCE));
        assertThat(actual.box().y()).isCloseTo(expected.box().y(), within(TOLERANCE));
        assertThat(actual.box().width()).isCloseTo(expected.box().width(), within(TOLERANCE));
        assertThat(actual.box().height()).isCloseTo(expected.box().height(), within(TOLERANCE));
        assertThat(actual.landmarks().leftEye().x())
                .isCloseTo(expected.landmarks().leftEye().x(), within(TOLERANCE));
        assertThat(actual.landmarks().rightMouth().y())
                .isCloseTo(expected.landmarks().rightMouth().y(), within(TOLERANCE));
        assertThat(actual.norm()).isCloseTo(expected.norm(), within(0.02f * expected.norm()));
        assertThat(Embedding.ofUnitVector(actual.embedding(), 1)
                        .distance(Embedding.ofUnitVector(expected.embedding(), 1)))
                .as("distance to the stored embedding")
                .isLessThan(0.05);
    }

    private static Golden result(String name) throws IOException, RejectedException {
        PictureBounds bounds = new SmallRyeConfigBuilder()
                .withMapping(PictureBounds.class)
                .build()
                .getConfigMapping(PictureBounds.class);
        try (Picture picture = new PictureDecoder(bounds).decode(Files.readAllBytes(PICTURES.resolve(name)))) {
            List<FaceView> views = finder.find(picture);
            assertThat(views).hasSize(1);
            try (FaceView view = views.get(0)) {
                DetectedFace face = view.face();
                Embedding embedding = embedder.embed(view.chip());
                return new Golden(face.box(), face.landmarks(), embedding.norm(), embedding.vector());
            }
        }
    }

    private static Path file(String picture) {
        return GOLDEN.resolve(picture.replace('/', '_') + ".json");
    }

    /**
     * Stores what the path yields now: {@code java -cp target/classes:target/test-classes:... ShippedPicturesTest
     * PICTURE...}
     */
    public static void main(String[] pictures) throws IOException, RejectedException {
        load();
        for (String picture : pictures) {
            Files.write(file(picture), Json.write(result(picture)));
        }
        close();
    }
}
