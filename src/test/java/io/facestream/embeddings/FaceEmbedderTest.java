package io.facestream.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.flip;

import com.google.protobuf.ByteString;
import io.facestream.SyntheticPictures;
import io.facestream.frames.Picture;
import io.facestream.models.TestNetworks;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

class FaceEmbedderTest {
    private static final Network NETWORK = Network.shipped(FaceEmbedder.MOBILE_FACE_NET, ComputeDevice.CPU);

    private final FaceEmbedder embedder = new FaceEmbedder(NETWORK, 112);

    @AfterEach
    void closeEmbedder() {
        embedder.close();
    }

    @AfterAll
    static void closeNetwork() {
        NETWORK.close();
    }

    @Test
    void aChipGetsTheSameEmbeddingAloneAndInABatch() {
        List<Picture> chips = chips(19);

        List<Embedding> batch = embedder.embed(chips);

        assertThat(batch).hasSameSizeAs(chips);
        for (int i = 0; i < chips.size(); i++) {
            assertThat(embedder.embed(chips.get(i)).distance(batch.get(i))).isLessThan(1e-4);
        }
        assertThat(batch.get(0).dimensions()).isEqualTo(192);
        assertThat(batch.get(0).distance(batch.get(1))).isGreaterThan(0.1);
    }

    @Test
    void onlyTheMiddleOfAChipCounts() {
        Picture chip = SyntheticPictures.blobs(160, 160, 1);
        Picture framed = new Picture(SyntheticPictures.noise(160, 160, 2).rgb());
        middle(chip).copyTo(middle(framed));

        assertThat(embedder.embed(framed)).isEqualTo(embedder.embed(chip));
    }

    @Test
    void averagedWithItsMirrorImageAChipLiesWhereItsMirrorImageLies() {
        Picture chip = SyntheticPictures.blobs(160, 160, 3);
        Mat flipped = new Mat();
        flip(chip.rgb(), flipped, 1);
        Picture mirrored = new Picture(flipped);

        Embedding averaged = embedder.embedWithMirrorImage(List.of(chip)).get(0);

        assertThat(averaged.distance(
                        embedder.embedWithMirrorImage(List.of(mirrored)).get(0)))
                .isLessThan(1e-4);
        assertThat(averaged.distance(embedder.embed(chip)))
                .isCloseTo(averaged.distance(embedder.embed(mirrored)), within(1e-4));
        assertThat(averaged.norm()).isEqualTo(embedder.embed(chip).norm());
    }

    @Test
    void noChipsGetNoEmbeddings() {
        assertThat(embedder.embed(List.of())).isEmpty();
        assertThat(embedder.embedWithMirrorImage(List.of())).isEmpty();
    }

    @Test
    void aPictureThatIsNoChipIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> embedder.embed(SyntheticPictures.blobs(112, 112, 1)))
                .withMessageContaining("112x112");
    }

    @Test
    void aNetworkThatYieldsNoNumbersIsAnError() throws IOException {
        byte[] broken = withNotANumberIn("Logits/LinearConv1x1/bias");
        try (Network network = Network.load("broken", broken, ComputeDevice.CPU);
                FaceEmbedder brokenEmbedder = new FaceEmbedder(network, 112)) {
            Picture chip = SyntheticPictures.blobs(160, 160, 1);
            assertThatIllegalStateException()
                    .isThrownBy(() -> brokenEmbedder.embed(chip))
                    .withMessageContaining("NaN");
        }
    }

    @Test
    void aChipOfWhichThereIsNoEmbeddingDoesNotFailTheOthers() {
        try (Network network = Network.load("variant", TestNetworks.zeroForBlack(), ComputeDevice.CPU);
                FaceEmbedder variant = new FaceEmbedder(network, 112);
                Picture black = new Picture(Mat.zeros(160, 160, CV_8UC3).asMat())) {
            List<Picture> faces = chips(9);
            List<Picture> mixed = new ArrayList<>(faces);
            mixed.add(5, black);

            List<Optional<Embedding>> embeddings = variant.embedEach(mixed);

            assertThat(embeddings).hasSize(10);
            assertThat(embeddings.get(5)).isEmpty();
            for (int i = 0; i < 10; i++) {
                if (i != 5) {
                    assertThat(embeddings.get(i).orElseThrow().distance(embedder.embed(mixed.get(i))))
                            .isLessThan(1e-3);
                }
            }
            assertThatExceptionOfType(NoEmbeddingException.class)
                    .isThrownBy(() -> variant.embed(mixed))
                    .satisfies(failure -> assertThat(failure.index()).isEqualTo(5));
            assertThatExceptionOfType(NoEmbeddingException.class).isThrownBy(() -> variant.embedWithMirrorImage(mixed));
        }
    }

    private static List<Picture> chips(int count) {
        List<Picture> chips = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chips.add(SyntheticPictures.blobs(160, 160, i));
        }
        return Collections.unmodifiableList(chips);
    }

    private static Mat middle(Picture chip) {
        return chip.rgb().apply(new org.bytedeco.opencv.opencv_core.Rect(24, 24, 112, 112));
    }

    /** The shipped network, the first value of one of its constants replaced. */
    private static byte[] withNotANumberIn(String constant) throws IOException {
        SavedModel.Builder model;
        try (ZipInputStream zip =
                new ZipInputStream(FaceEmbedderTest.class.getResourceAsStream("/models/mobilefacenet.zip"))) {
            zip.getNextEntry();
            model = SavedModel.parseFrom(zip.readAllBytes()).toBuilder();
        }
        for (NodeDef.Builder node :
                model.getMetaGraphsBuilder(0).getGraphDefBuilder().getNodeBuilderList()) {
            if (node.getName().equals(constant)) {
                var value = node.getAttrOrThrow("value").toBuilder();
                ByteBuffer content = ByteBuffer.wrap(
                                value.getTensor().getTensorContent().toByteArray())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(0, Float.NaN);
                value.getTensorBuilder().setTensorContent(ByteString.copyFrom(content));
                node.putAttr("value", value.build());
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("saved_model.pb"));
            zip.write(model.build().toByteArray());
        }
        return bytes.toByteArray();
    }
}
