package io.facestream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.faces.mtcnn.MtcnnDetector;
import io.facestream.faces.mtcnn.MtcnnNetworks;
import io.facestream.faces.mtcnn.MtcnnSettings;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.frames.TestPictures;
import io.facestream.networks.ComputeDevice;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationWatchTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CameraMetrics metrics = new CameraMetrics(registry);

    @ParameterizedTest
    @CsvSource({"0, 0", "90, 1", "180, 1", "270, 1"})
    void aCameraWhoseFacesAreClearerTurnedIsToldOnceAfterAFewFrames(int mounted, double hints) throws Exception {
        var config = new SmallRyeConfigBuilder()
                .withMapping(DetectionConfig.class)
                .withMapping(PictureBounds.class)
                .build();
        OrientationWatch watch = new OrientationWatch(
                new CameraSettings(config.getConfigMapping(DetectionConfig.class)),
                metrics,
                Clock.fixed(Instant.parse("2026-05-04T09:30:00Z"), ZoneOffset.UTC));
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

    private double hints() {
        return registry.get("facestream.camera.turned.hints")
                .tag("camera", "dock")
                .counter()
                .count();
    }
}
