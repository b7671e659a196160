package io.facestream.training.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.facestream.SharedData;
import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.faces.FaceAligner;
import io.facestream.frames.Picture;
import io.facestream.models.ShippedModel;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.networks.NetworkProbe;
import io.facestream.photos.FarCamera;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped network for near faces, and the same with half of its slopes for far ones. */
class NearFarGraphTest {
    private static final NetworkGraph NEAR = NetworkGraph.read(ShippedModel.weights());
    private static final NetworkGraph FAR = NEAR.with(halvedSlopes());
    private static final double SCALE = 0.8;
    private static final byte[] BOTH = NearFarGraph.of(NEAR, FAR, 192, SCALE).savedModel();

    private static final Faces NEAR_FACES = new Faces(NEAR.savedModel());
    private static final Faces FAR_FACES = new Faces(FAR.savedModel());
    private static final Faces FACES = new Faces(BOTH);

    private static Map<String, float[]> halvedSlopes() {
        return NEAR.values().entrySet().stream()
                .filter(constant -> constant.getKey().endsWith("/slope"))
                .collect(Collectors.toMap(Map.Entry::getKey, constant -> half(constant.getValue())));
    }

    private static float[] half(float[] values) {
        float[] halves = new float[values.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = values[i] / 2;
        }
        return halves;
    }

    private record Faces(Network network, FaceEmbedder embedder) implements AutoCloseable {
        Faces(byte[] savedModel) {
            this(Network.load("test", savedModel, ComputeDevice.CPU));
        }

        private Faces(Network network) {
            this(network, new FaceEmbedder(network, NetworkGraph.INPUT_SIDE));
        }

        @Override
        public void close() {
            embedder.close();
            network.close();
        }
    }

    @AfterAll
    static void close() {
        NEAR_FACES.close();
        FAR_FACES.close();
        FACES.close();
    }

    /** The face of a photo of the demo, as chips have it. */
    private static Picture clear() {
        return face("people/Eileen_Collins/nasa.jpg", 146, 54, 160);
    }

    /** The square of a photo, 160 px wide and high. */
    private static Picture face(String name, int x, int y, int side) {
        try (Picture photo = SharedData.read(Path.of("src/main/resources/demo", name));
                Rect square = new Rect(x, y, side, side);
                Mat face = photo.rgb().apply(square);
                Size size = new Size(FaceAligner.CHIP_SIZE, FaceAligner.CHIP_SIZE)) {
            Mat chip = new Mat();
            resize(face, chip, size, 0, 0, INTER_AREA);
            return new Picture(chip);
        }
    }

    private static Picture far(int pixels) {
        try (Picture clear = clear()) {
            return new FarCamera(pixels, pixels, 1, 1).degrade(clear, "a face");
        }
    }

    /** {@code n} is a near face, {@code f} a far one. */
    @ParameterizedTest
    @ValueSource(strings = {"n", "f", "nn", "ff", "nf", "fnnfnf"})
    void eachFaceGoesThroughItsNetworkAndKeepsItsPlace(String batch) {
        List<Picture> faces =
                batch.chars().mapToObj(kind -> kind == 'n' ? clear() : far(32)).toList();

        List<Embedding> embeddings = FACES.embedder().embed(faces);

        List<Embedding> near = NEAR_FACES.embedder().embed(faces);
        List<Embedding> far = FAR_FACES.embedder().embed(faces);
        assertThat(embeddings).hasSize(batch.length());
        for (int i = 0; i < batch.length(); i++) {
            Embedding expected = (batch.charAt(i) == 'n' ? near : far).get(i);
            Embedding other = (batch.charAt(i) == 'n' ? far : near).get(i);
            assertThat(embeddings.get(i).vector()).containsExactly(expected.vector(), within(1e-6f));
            double scale = batch.charAt(i) == 'n' ? 1 : SCALE;
            assertThat((double) embeddings.get(i).norm()).isCloseTo(scale * expected.norm(), within(1e-3));
            assertThat(embeddings.get(i).vector()).isNotEqualTo(other.vector());
        }
        faces.forEach(Picture::close);
    }

    /** Rounding is detail of the size of a pixel, so a far face in the dark may go through the other network. */
    @ParameterizedTest
    @ValueSource(doubles = {0.25, 0.5, 1, 1.5, 3})
    void aClearFaceGoesThroughTheNetworkForNearFacesInAnyLight(double contrast) {
        for (Picture face : List.of(clear(), face("people/Grace_Hopper/us-navy.jpg", 116, 86, 296))) {
            face.rgb().convertTo(face.rgb(), -1, contrast, 0);

            assertThat(isNear(face)).isTrue();
            face.close();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.75, 1.25})
    void aFarFaceMayBeDarkerOrBrighter(double contrast) {
        try (Picture face = far(32)) {
            face.rgb().convertTo(face.rgb(), -1, contrast, 0);

            assertThat(isNear(face)).isFalse();
        }
    }

    @Test
    void blackOutsideOfTheFrameDecidesNothing() {
        try (Picture face = far(32);
                Rect bottom = new Rect(0, 120, FaceAligner.CHIP_SIZE, 40);
                Mat outside = face.rgb().apply(bottom)) {
            outside.put(Scalar.all(0));

            assertThat(isNear(face)).isFalse();
        }
    }

    private static boolean isNear(Picture face) {
        float[] vector = FACES.embedder().embed(face).vector();
        return distance(vector, NEAR_FACES.embedder().embed(face).vector()) < 1e-6;
    }

    private static double distance(float[] first, float[] second) {
        return Math.sqrt(IntStream.range(0, first.length)
                .mapToDouble(i -> Math.pow(first[i] - second[i], 2))
                .sum());
    }

    @Test
    void theLimitLiesBetweenFacesOf40And80Pixels() {
        List<Boolean> near = IntStream.of(24, 32, 40, 80, 96)
                .mapToObj(pixels -> {
                    try (Picture face = far(pixels)) {
                        return isNear(face);
                    }
                })
                .toList();

        assertThat(near).containsExactly(false, false, false, true, true);
    }

    @Test
    void theRegistryTakesIt() {
        assertThat(NetworkProbe.dimensions("two networks", BOTH, NetworkGraph.INPUT_SIDE))
                .isEqualTo(192);
    }

    @Test
    void aFarNetworkThatIsBrokenIsSeenByTheRegistry() {
        Map<String, float[]> huge = FAR.values().entrySet().stream()
                .filter(constant -> constant.getKey().endsWith("/weights"))
                .collect(Collectors.toMap(Map.Entry::getKey, constant -> {
                    float[] values = constant.getValue().clone();
                    for (int i = 0; i < values.length; i++) {
                        values[i] *= 1e30f;
                    }
                    return values;
                }));
        byte[] broken = NearFarGraph.of(NEAR, FAR.with(huge), 192, 1).savedModel();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkProbe.dimensions("two networks", broken, NetworkGraph.INPUT_SIDE))
                .withMessageContaining("two networks");
    }

    @Test
    void aTrainingFromItBeginsWithItsNetworkForNearFaces() {
        assertThat(Architecture.MOBILEFACENET.network(Optional.of(BOTH), 1)).isEqualTo(NEAR);
    }
}
