package io.facestream.curation;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.faces.ChipTopic;
import io.facestream.gallery.LiveNetworks;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.models.ModelRegistry;
import io.facestream.networks.ComputeDevice;
import java.nio.file.Path;
import java.util.List;

/** Chips on the real topic, which has one partition, and the shipped network that embeds them. */
final class ChipsOnKafka implements AutoCloseable {
    private final EmbeddedKafka broker;
    private final KafkaConnection connection;
    private final FaceChips chips;

    /** @param gallery with the shipped version */
    ChipsOnKafka(Path folder, TestGallery gallery) throws Exception {
        broker = EmbeddedKafka.start(folder, 0);
        connection = KafkaConnection.to(broker.bootstrapServers());
        TopicAdmin.ensure(connection, new TestTopicsConfig(1, true), List.of(Topic.DETECTED_FACES));
        chips = new FaceChips(
                () -> new ChipTopic(connection, "facestream-test"),
                new LiveNetworks(new ModelRegistry(gallery.as("facestream_curation")), ComputeDevice.CPU));
    }

    KafkaConnection connection() {
        return connection;
    }

    FaceChips chips() {
        return chips;
    }

    void stopBroker() {
        broker.close();
    }

    @Override
    public void close() {
        chips.close();
        broker.close();
    }
}
