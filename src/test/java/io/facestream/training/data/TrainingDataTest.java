package io.facestream.training.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.SyntheticPictures;
import io.facestream.embedded.TestServices;
import io.facestream.faces.ChipPng;
import io.facestream.frames.Picture;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.KafkaConnection;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.TrainingProgress.Dataset;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingDataTest {
    private static final TestGallery GALLERY = TestGallery.of(TrainingDataTest.class);

    @TempDir
    private Path folder;

    @Test
    void aBrokenChipOfTheGalleryIsLeftOutAndToldAndTheOthersAreTrainedOn() throws Exception {
        GALLERY.renew();
        List<UUID> people = GALLERY.addPeople(2);
        for (int i = 0; i < 4; i++) {
            GALLERY.addSample(UUID.randomUUID(), people.get(i % 2), chip(i));
        }
        GALLERY.addSample(UUID.randomUUID(), people.get(0), "no chip".getBytes(UTF_8));

        try (ChipStore chips = new ChipStore(folder)) {
            Dataset dataset = new TrainingData(
                            GALLERY.dataSource(),
                            new LabelledTopics(
                                    KafkaConnection.to(TestServices.kafka().bootstrapServers())),
                            () -> null,
                            100)
                    .read(
                            FineTune.withDefaults(UUID.randomUUID()),
                            Map.of(),
                            Instant.now().plusSeconds(60),
                            chips,
                            kept -> {})
                    .dataset();

            assertThat(dataset.photos() + dataset.heldBackPhotos()).isEqualTo(4);
            assertThat(dataset.leftOut()).containsExactly(Map.entry("broken-chip", 1));
        }
    }

    private static byte[] chip(int seed) {
        try (Picture picture = SyntheticPictures.noise(160, 160, seed)) {
            return ChipPng.encode(picture);
        }
    }
}
