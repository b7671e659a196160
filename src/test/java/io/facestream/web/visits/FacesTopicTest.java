package io.facestream.web.visits;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.faces.ChipPlace;
import io.facestream.faces.ChipTopic;
import io.facestream.faces.TestChips;
import io.facestream.frames.TestPictures;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FacesTopicTest {
    private static final byte[] CHIP = TestChips.of(TestPictures.sample("people/Grace_Hopper/us-navy.jpg"));

    @TempDir
    Path folder;

    @Test
    void aFaceIsReadByItsPlaceAndNoOtherInItsStead() throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start(folder, 0)) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            TopicAdmin.ensure(kafka, new TestTopicsConfig(1, true), List.of(Topic.DETECTED_FACES));
            long offset;
            try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of())) {
                offset = producer.send(TestChips.record(0, "f#0", CHIP)).get().offset();
            }
            FacesTopic faces = new FacesTopic(() -> new ChipTopic(kafka, "facestream-test"));

            assertThat(faces.at(FacesTopic.place("/cameras/lobby", "f#0", 0, offset)))
                    .hasValue(CHIP);
            assertThat(faces.at(FacesTopic.place("/cameras/lobby", "f#1", 0, offset)))
                    .isEmpty();
            assertThat(faces.at(FacesTopic.place("/cameras/lobby", "f#0", 0, offset + 1)))
                    .as("not written yet")
                    .isEmpty();
            assertThat(faces.at(FacesTopic.place("/cameras/lobby", "f#0", 7, offset)))
                    .as("no such partition")
                    .isEmpty();
            faces.close();
        }
    }

    @Test
    void aBrokerThatIsAwayIsAskedOnceForAWhile() {
        AtomicInteger asked = new AtomicInteger();
        FacesTopic faces = new FacesTopic(() -> {
            asked.incrementAndGet();
            throw new KafkaException("away");
        });
        ChipPlace place = FacesTopic.place("/cameras/lobby", "f#0", 0, 0);

        for (int i = 0; i < 50; i++) {
            assertThat(faces.at(place)).isEmpty();
        }

        assertThat(asked).hasValue(1);
    }
}
