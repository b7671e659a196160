package io.facestream.enrolment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.facestream.SyntheticPictures;
import io.facestream.detection.DetectionConfig;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.Box;
import io.facestream.faces.ChipPng;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.Quality;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.gallery.LiveEmbeddings;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.ModelVersion.Status;
import io.facestream.models.TestNetworks;
import io.facestream.models.TestVersions;
import io.facestream.networks.ComputeDevice;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Embedding under every live version, and what is written: the registry is in memory, the transaction is a test's. */
class EnrollerVersionsTest {
    private static final byte[] WEIGHTS = TestNetworks.small();
    private static final byte[] PHOTO = photo();

    private final Registry registry = new Registry();
    private final List<Map<String, Embedding>> written = new ArrayList<>();
    private final List<Quality> qualities = new ArrayList<>();
    private float faceSide = 100;

    /** What a transaction finds: true if the versions are no longer those of the embeddings. */
    private final List<Boolean> changedMeanwhile = new ArrayList<>();

    private final Enroller enroller = new Enroller(gate(), registry, ComputeDevice.CPU, OptionalDouble.empty()) {
        @Override
        Optional<EnrolmentAnswer> commit(LabelledFace photo, byte[] chip, Quality quality, LiveEmbeddings embeddings)
                throws EnrolmentRejection {
            assertThat(embeddings.active().version()).isEqualTo("x-1");
            assertThat(isChip(chip)).isTrue();
            written.add(embeddings.byVersion());
            qualities.add(quality);
            if (photo.name().equals("Erased")) {
                throw new EnrolmentRejection(EnrolmentReason.ERASED, "the person was erased");
            }
            boolean changed = !changedMeanwhile.isEmpty() && changedMeanwhile.remove(0);
            return changed
                    ? Optional.empty()
                    : Optional.of(EnrolmentAnswer.Rejected.of(
                            photo.id(),
                            photo.pointer(),
                            "",
                            photo.name(),
                            new EnrolmentRejection(EnrolmentReason.NO_FACE, "stands for an answer")));
        }
    };

    @AfterEach
    void close() {
        enroller.close();
    }

    @Test
    void aPhotoIsEmbeddedUnderEveryLiveVersionAndItsQualityHasTheActiveOnesNorm() throws Exception {
        registry.live(Map.of("x-1", Status.ACTIVE, "x-2", Status.CANDIDATE, "x-0", Status.STANDBY));

        assertThat(enroller.enrol(photo("Ada", PHOTO)).photoId()).isEqualTo("photo-1");

        assertThat(written).hasSize(1);
        assertThat(written.get(0)).containsOnlyKeys("x-0", "x-1", "x-2");
        assertThat(qualities.get(0).norm()).isEqualTo(written.get(0).get("x-1").norm());
    }

    @Test
    void whereAVersionCameMeanwhileThePhotoIsEmbeddedUnderItTooBeforeItIsWritten() throws Exception {
        registry.live(Map.of("x-1", Status.ACTIVE));
        registry.live(Map.of("x-1", Status.ACTIVE, "x-2", Status.CANDIDATE));
        changedMeanwhile.add(true);

        enroller.enrol(photo("Ada", PHOTO));

        assertThat(written).extracting(Map::keySet).containsExactly(Set.of("x-1"), Set.of("x-1", "x-2"));
    }

    @Test
    void aNetworkIsReadOnceAndAgainOnlyWhereItsVersionHasBeenGone() throws Exception {
        registry.live(Map.of("x-1", Status.ACTIVE, "x-2", Status.CANDIDATE));
        enroller.enrol(photo("Ada", PHOTO));
        enroller.enrol(photo("Bob", PHOTO));
        assertThat(registry.reads).containsExactlyInAnyOrder("x-1", "x-2");

        registry.live(Map.of("x-1", Status.ACTIVE));
        registry.next();
        enroller.enrol(photo("Eve", PHOTO));
        registry.live(Map.of("x-1", Status.ACTIVE, "x-2", Status.STANDBY));
        registry.next();
        enroller.enrol(photo("Dan", PHOTO));

        assertThat(registry.reads).containsExactlyInAnyOrder("x-1", "x-2", "x-2");
    }

    @Test
    void aFaceBelowTheGateIsRejectedWithItsQualityAndNotWritten() {
        registry.live(Map.of("x-1", Status.ACTIVE));
        faceSide = 30;

        assertThatExceptionOfType(EnrolmentRejection.class)
                .isThrownBy(() -> enroller.enrol(photo("Ada", PHOTO)))
                .satisfies(rejection -> {
                    assertThat(rejection.reason()).isEqualTo(EnrolmentReason.TOO_SMALL);
                    assertThat(rejection.quality()).hasValueSatisfying(quality -> assertThat(quality.norm())
                            .isPositive());
                });
        assertThat(written).isEmpty();
    }

    @Test
    void aRejectionByTheTransactionIsTheAnswerAndIsNotTriedAgain() {
        registry.live(Map.of("x-1", Status.ACTIVE));

        assertThatExceptionOfType(EnrolmentRejection.class)
                .isThrownBy(() -> enroller.enrol(photo("Erased", PHOTO)))
                .satisfies(rejection -> assertThat(rejection.reason()).isEqualTo(EnrolmentReason.ERASED));
        assertThat(written).hasSize(1);
    }

    @Test
    void aPhotoThatIsNoPictureAsksTheRegistryNothing() {
        assertThatExceptionOfType(EnrolmentRejection.class)
                .isThrownBy(() -> enroller.enrol(photo("Ada", "<html>".getBytes(UTF_8))))
                .satisfies(rejection -> assertThat(rejection.reason()).isEqualTo(EnrolmentReason.UNDECODABLE));
        assertThat(registry.looks).isZero();
    }

    @Test
    void withoutAnActiveVersionItSaysWhatToRun() {
        registry.live(Map.of("x-2", Status.CANDIDATE));

        assertThatIllegalStateException()
                .isThrownBy(() -> enroller.enrol(photo("Ada", PHOTO)))
                .withMessage("no model version is active: run `facestream migrate`");
        assertThat(written).isEmpty();
    }

    private static boolean isChip(byte[] png) {
        try (Picture chip = ChipPng.decode(png)) {
            return chip.width() == 160;
        } catch (RejectedException e) {
            return false;
        }
    }

    private static LabelledFace photo(String name, byte[] photo) {
        return new LabelledFace(
                name, "photo-1", Instant.EPOCH, new RecordPointer("labelled-faces", 0, 1), photo, Set.of());
    }

    private static byte[] photo() {
        try (Picture picture = SyntheticPictures.blobs(400, 300, 1)) {
            return ChipPng.encode(picture);
        }
    }

    /** Finds one clear face in whatever it sees. */
    private EnrolmentGate gate() {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(EnrolmentConfig.class)
                .withMapping(PictureBounds.class)
                .withDefaultValue("facestream.enrolment.min-sharpness", "0")
                .build();
        FaceDetector detector = new FaceDetector() {
            @Override
            public List<DetectedFace> detect(Picture picture) {
                return List.of(face(faceSide));
            }

            @Override
            public void close() {}
        };
        return new EnrolmentGate(
                new PictureDecoder(config.getConfigMapping(PictureBounds.class)),
                new FaceFinder(detector),
                config.getConfigMapping(EnrolmentConfig.class),
                DetectionConfig.Detector.CNN);
    }

    private static DetectedFace face(float side) {
        float x = 150;
        float y = 100;
        return new DetectedFace(
                new Box(x, y, side, side),
                new Landmarks(
                        new Point(x + 0.7f * side, y + 0.4f * side),
                        new Point(x + 0.3f * side, y + 0.4f * side),
                        new Point(x + 0.5f * side, y + 0.6f * side),
                        new Point(x + 0.65f * side, y + 0.8f * side),
                        new Point(x + 0.35f * side, y + 0.8f * side)),
                0.999f);
    }

    /** What the registry says at each look; the last it says from then on. */
    private static final class Registry extends ModelRegistry {
        final List<String> reads = new ArrayList<>();
        int looks;
        private final List<List<ModelVersion>> live = new ArrayList<>();

        Registry() {
            super(null);
        }

        void live(Map<String, Status> versions) {
            live.add(versions.entrySet().stream()
                    .map(entry -> TestVersions.version(entry.getKey(), entry.getValue()))
                    .toList());
        }

        void next() {
            live.remove(0);
        }

        @Override
        public List<ModelVersion> live() {
            looks++;
            return live.size() > 1 ? live.remove(0) : live.get(0);
        }

        @Override
        public byte[] weights(ModelVersion version) {
            reads.add(version.version());
            return WEIGHTS;
        }
    }
}
