package io.facestream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.SyntheticPictures;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.mtcnn.MtcnnDetector;
import io.facestream.faces.mtcnn.MtcnnNetworks;
import io.facestream.faces.mtcnn.MtcnnSettings;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.frames.TestPictures;
import io.facestream.networks.ComputeDevice;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationWatchTest {
    private static final Box BOX = new Box(10, 10, 20, 20);
    private static final Point POINT = new Point(15, 15);
    private static final Landmarks LANDMARKS = new Landmarks(POINT, POINT, POINT, POINT, POINT);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CameraMetrics metrics = new CameraMetrics(registry);
    private final SmallRyeConfig config = new SmallRyeConfigBuilder()
            .withMapping(DetectionConfig.class)
            .withMapping(PictureBounds.class)
            .build();

    @ParameterizedTest
    @CsvSource({"0, 0", "90, 1", "180, 1", "270, 1"})
    void aCameraWhoseFacesAreClearerTurnedIsToldOnceAfterAFewFrames(int mounted, double hints) throws Exception {
        OrientationWatch watch = watch();
        metrics.frame("dock");
        try (MtcnnNetworks networks = MtcnnNetworks.load(ComputeDevice.CPU);
                FaceFinder finder = new FaceFinder(new MtcnnDetector(networks, MtcnnSettings.DEFAULT));
                Picture upright = new PictureDecoder(config.getConfigMapping(PictureBounds.class))
                        .decode(TestPictures.sample("people/Eileen_Collins/nasa.jpg"));
                Picture picture = mounted == 0 ? new Picture(upright.rgb().clone()) : upright.turned(mounted)) {
            for (int frame = 0; frame < 5; frame++) {
                List<FaceView> views = finder.find(picture);
                watch.look("dock", picture, views, finder);
                views.forEach(FaceView::close);
                assertThat(hints()).isEqualTo(frame < OrientationWatch.RUNNING - 1 ? 0 : hints);
            }
        }
    }

    /** A texture in which now this and now that orientation has what looks like a face. */
    @Test
    void aCameraWhoseOrientationChangesFromFrameToFrameIsLookedAtRarely() {
        AtomicInteger searched = new AtomicInteger();
        FaceDetector fickle = new FaceDetector() {
            @Override
            public List<DetectedFace> detect(Picture picture) {
                int look = searched.getAndIncrement();
                boolean isThis = look % 3 == 1 + look / 3 % 2; // 90, 270, 90, 270
                return isThis ? List.of(new DetectedFace(BOX, LANDMARKS, 0.5f)) : List.of();
            }

            @Override
            public void close() {
                // holds nothing
            }
        };
        OrientationWatch watch = watch();
        try (FaceFinder finder = new FaceFinder(fickle);
                Picture picture = SyntheticPictures.blobs(64, 48, 1)) {
            for (int frame = 0; frame < 10; frame++) {
                watch.look("dock", picture, List.of(), finder);
            }
        }

        assertThat(searched.get() / 3).as("looks in one moment").isEqualTo(2);
    }

    private OrientationWatch watch() {
        return new OrientationWatch(
                new CameraSettings(config.getConfigMapping(DetectionConfig.class)),
                metrics,
                Clock.fixed(Instant.parse("2026-05-04T09:30:00Z"), ZoneOffset.UTC));
    }

    private double hints() {
        return registry.get("facestream.camera.turned.hints")
                .tag("camera", "dock")
                .counter()
                .count();
    }
}
