package io.facestream.training.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.SyntheticPictures;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embedded.TestServices;
import io.facestream.enrolment.EnrolmentConfig;
import io.facestream.enrolment.EnrolmentGate;
import io.facestream.faces.ChipPng;
import io.facestream.faces.FaceFinder;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.KafkaConnection;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.FineTuneBuilder;
import io.facestream.training.commands.TrainingProgress.Dataset;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingDataTest {
    private static final TestGallery GALLERY = TestGallery.of(TrainingDataTest.class);

    private final SmallRyeConfig config = new SmallRyeConfigBuilder()
            .withMapping(EnrolmentConfig.class)
            .withMapping(DetectionConfig.class)
            .withMapping(PictureBounds.class)
            .build();

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
                            new FineTuneBuilder(UUID.randomUUID()).build(),
                            Map.of(),
                            Instant.now().plusSeconds(60),
                            chips,
                            kept -> {})
                    .dataset();

            assertThat(dataset.photos() + dataset.heldBackPhotos()).isEqualTo(4);
            assertThat(dataset.leftOut()).containsExactly(Map.entry("broken-chip", 1));
        }
    }

    @Test
    void aPhotoUnderAFormerNameIsTrainedOnAsThePersonsOfToday() throws Exception {
        GALLERY.renew();
        UUID person = GALLERY.addPerson("Grace Hopper", 0, 1);
        GALLERY.execute(
                "insert into facestream.identity_alias (name, identity_id) values ('us-navy', '" + person + "')");
        String topic = "labelled-" + UUID.randomUUID();
        KafkaConnection kafka = KafkaConnection.to(TestServices.kafka().bootstrapServers());
        publish(
                kafka,
                topic,
                Map.of(
                        "us-navy",
                        "people/Grace_Hopper/us-navy.jpg",
                        "Eileen Collins",
                        "people/Eileen_Collins/nasa.jpg"));
        LabelledTopics topics = new LabelledTopics(kafka);
        DetectionConfig detection = config.getConfigMapping(DetectionConfig.class);

        try (ChipStore chips = new ChipStore(folder);
                FaceDetectors detectors = FaceDetectors.load(detection)) {
            EnrolmentGate gate = new EnrolmentGate(
                    new PictureDecoder(config.getConfigMapping(PictureBounds.class)),
                    new FaceFinder(detectors.detector()),
                    config.getConfigMapping(EnrolmentConfig.class),
                    detection.detector());
            FineTune command = new FineTuneBuilder(UUID.randomUUID())
                    .people(List.of("Grace Hopper", "Eileen Collins"))
                    .build();

            TrainingSet set = new TrainingData(GALLERY.dataSource(), topics, () -> gate, 100)
                    .read(command, topics.ends(List.of(topic)), Instant.now(), chips, kept -> {})
                    .set();

            assertThat(set.training())
                    .extracting(TrainingSet.Person::name)
                    .containsExactly("Eileen Collins", "Grace Hopper");
        }
    }

    private static void publish(KafkaConnection kafka, String topic, Map<String, String> samplesOfNames)
            throws Exception {
        try (Admin admin = kafka.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            for (Map.Entry<String, String> photo : samplesOfNames.entrySet()) {
                producer.send(new ProducerRecord<>(
                                topic, photo.getKey().getBytes(UTF_8), TestPictures.sample(photo.getValue())))
                        .get();
            }
        }
    }

    private static byte[] chip(int seed) {
        try (Picture picture = SyntheticPictures.noise(160, 160, seed)) {
            return ChipPng.encode(picture);
        }
    }
}
