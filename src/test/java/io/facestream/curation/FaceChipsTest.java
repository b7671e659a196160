package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.faces.ChipPlace;
import io.facestream.faces.TestChips;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.RecordPointer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chips on a real topic, embedded by the shipped network. */
class FaceChipsTest {
    private static final TestGallery GALLERY = TestGallery.of(FaceChipsTest.class);
    private static final byte[] GRACE = TestChips.of(TestPictures.sample("people/Grace_Hopper/us-navy.jpg"));

    @TempDir
    Path folder;

    private ChipsOnKafka kafka;

    @BeforeEach
    void start() throws Exception {
        GALLERY.renew();
        kafka = new ChipsOnKafka(folder, GALLERY);
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    private ChipPlace send(String eventId, byte[] chip) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = kafka.connection().producer(Map.of())) {
            ProducerRecord<byte[], byte[]> record = TestChips.record(0, eventId, chip);
            return place(eventId, producer.send(record).get().offset());
        }
    }

    private static ChipPlace place(String eventId, long offset) {
        return new ChipPlace("/cameras/lobby", eventId, new RecordPointer("detected-faces", 0, offset));
    }

    @Test
    void aChipIsFetchedByItsPlaceAndEmbeddedUnderEveryLiveVersion() throws Exception {
        ChipPlace grace = send("f#0", GRACE);

        EmbeddedChip chip = kafka.chips().fetch(List.of(grace)).get(grace);

        assertThat(chip.png()).isEqualTo(GRACE);
        assertThat(chip.embeddings().byVersion()).containsOnlyKeys("mobilefacenet-1");
        assertThat(chip.embeddings().ofActive().vector()).hasSize(192);
    }

    @Test
    void whatIsGoneOrNoFaceIsLeftOut() throws Exception {
        ChipPlace grace = send("f#0", GRACE);
        ChipPlace broken = send("f#1", Arrays.copyOf(GRACE, GRACE.length / 2));
        ChipPlace text = send("f#2", "no picture".getBytes(UTF_8));

        assertThat(kafka.chips().fetch(List.of(grace, broken, text, place("f#3", 9))))
                .containsOnlyKeys(grace);
    }

    @Test
    void anOutageOfTheBrokerIsNoAnswer() {
        kafka.stopBroker();

        assertThatThrownBy(() -> kafka.chips().fetch(List.of(place("f#0", 0)))).isInstanceOf(KafkaException.class);
    }
}
