package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.TestServices;
import io.facestream.faces.TestChips;
import io.facestream.frames.TestPictures;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.ReleaseTopic;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.models.TestNetworks;
import io.facestream.networks.ComputeDevice;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Negatives under a version that comes after them. */
class NegativesReembeddingTest {
    private static final TestGallery GALLERY = TestGallery.of(NegativesReembeddingTest.class);

    @Test
    void aNewVersionHasAVectorOfEveryNegativeBeforeItIsPromoted() throws Exception {
        GALLERY.renew();
        GALLERY.addPeople(1);
        byte[] chip = TestChips.of(TestPictures.sample("people/Grace_Hopper/us-navy.jpg"));
        GALLERY.execute("select facestream.add_negative(gen_random_uuid(), 'person 0', '/cameras/lobby', 'f#0', '\\x"
                + HexFormat.of().formatHex(chip) + "', array['mobilefacenet-1'], array["
                + "array_fill(0.07, array[192])::real[]::vector::text])");

        new ModelReleases(
                        GALLERY.as("facestream_training"),
                        ComputeDevice.CPU,
                        new ReleaseTopic(
                                KafkaConnection.to(TestServices.kafka().bootstrapServers()),
                                new TestTopicsConfig(1, true)))
                .publish(TestNetworks.candidate("reversed", TestNetworks.reversed()), ReembeddingProgress.NONE);

        assertThat(GALLERY.query("select model_version, vector_dims(embedding) from facestream.negative_embedding"
                        + " order by model_version"))
                .containsExactly("mobilefacenet-1 192", "reversed-1 192");
    }
}
