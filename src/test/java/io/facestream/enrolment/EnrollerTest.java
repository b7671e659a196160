package io.facestream.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embedded.TestServices;
import io.facestream.faces.FaceFinder;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.ModelReleases;
import io.facestream.gallery.ReembeddingProgress;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.ReleaseTopic;
import io.facestream.messaging.TopicsConfig;
import io.facestream.models.ModelRegistry;
import io.facestream.models.TestNetworks;
import io.facestream.networks.ComputeDevice;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnrollerTest {
    private static final TestGallery GALLERY = TestGallery.of(EnrollerTest.class);

    private final SmallRyeConfig config = new SmallRyeConfigBuilder()
            .withMapping(EnrolmentConfig.class)
            .withMapping(DetectionConfig.class)
            .withMapping(PictureBounds.class)
            .withMapping(TopicsConfig.class)
            .build();

    @Test
    void aPhotoOfWhichALiveNetworkYieldsNoEmbeddingIsRejectedAndNotTriedForEver() throws Exception {
        GALLERY.renew();
        new ModelReleases(
                        GALLERY.dataSource(),
                        ComputeDevice.CPU,
                        new ReleaseTopic(
                                KafkaConnection.to(TestServices.kafka().bootstrapServers()),
                                config.getConfigMapping(TopicsConfig.class)))
                .publish(TestNetworks.candidate("reversed", TestNetworks.reversed()), ReembeddingProgress.NONE);
        // which its probe would refuse
        GALLERY.replaceWeights("reversed-1", TestNetworks.allZero());
        DetectionConfig detection = config.getConfigMapping(DetectionConfig.class);
        try (FaceDetectors detectors = FaceDetectors.load(detection);
                Enroller enroller = new Enroller(
                        new EnrolmentGate(
                                new PictureDecoder(config.getConfigMapping(PictureBounds.class)),
                                new FaceFinder(detectors.detector()),
                                config.getConfigMapping(EnrolmentConfig.class),
                                detection.detector()),
                        new ModelRegistry(GALLERY.dataSource()),
                        ComputeDevice.CPU,
                        OptionalDouble.empty())) {
            assertThatExceptionOfType(EnrolmentRejection.class)
                    .isThrownBy(() -> enroller.enrol(new LabelledFace(
                            "Grace_Hopper",
                            "photo-1",
                            Instant.now(),
                            new RecordPointer("labelled-faces", 0, 1),
                            TestPictures.sample("people/Grace_Hopper/us-navy.jpg"),
                            Set.of())))
                    .withMessageContaining("model version reversed-1: ")
                    .satisfies(
                            rejection -> assertThat(rejection.reason()).isEqualTo(EnrolmentReason.PROCESSING_FAILED));
        }
        assertThat(GALLERY.query("select name from facestream.identity")).isEmpty();
    }
}
