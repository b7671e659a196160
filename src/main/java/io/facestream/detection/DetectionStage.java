package io.facestream.detection;

import io.facestream.faces.FaceFinder;
import io.facestream.faces.liveness.LivenessNetwork;
import io.facestream.faces.liveness.NetworkScorer;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.Topic;
import io.facestream.networks.ComputeDevice;
import io.facestream.stages.StageWork;
import io.facestream.stages.Stages;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code camera-frames} to {@code detected-faces}. */
@ApplicationScoped
public class DetectionStage {
    private final Stages stages;
    private final DetectionConfig config;
    private final PictureBounds bounds;
    private final MeterRegistry metrics;

    DetectionStage(Stages stages, DetectionConfig config, PictureBounds bounds, MeterRegistry metrics) {
        this.stages = stages;
        this.config = config;
        this.bounds = bounds;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        if (!config.enabled()) {
            return;
        }
        CameraSettings settings = new CameraSettings(config);
        stages.start(
                DetectionBatch.STAGE,
                Topic.CAMERA_FRAMES,
                List.of(Topic.DETECTED_FACES),
                config,
                () -> work(settings, FaceDetectors.load(config)));
    }

    private StageWork work(CameraSettings settings, FaceDetectors detectors) {
        PictureDecoder decoder = new PictureDecoder(bounds);
        CameraMetrics cameras = new CameraMetrics(metrics);
        FrameAge age = new FrameAge(settings, Clock.systemUTC());
        RecentFrames recent = new RecentFrames();
        OrientationWatch orientation = new OrientationWatch(settings, cameras, Clock.systemUTC());
        Supplier<Optional<FaceLiveness>> liveness = liveness();
        int threads =
                config.threads() > 0 ? config.threads() : Runtime.getRuntime().availableProcessors();
        return StageWork.ofRecords(
                        () -> new DetectionBatch(
                                config,
                                decoder,
                                new FaceFinder(detectors.detector()),
                                liveness.get(),
                                cameras,
                                settings,
                                age,
                                recent,
                                orientation),
                        threads)
                .withCpuLimit(config.recordCpuLimit())
                .withWeight(new FrameWeight(age, recent), config.maxBatchPixels());
    }

    /** One for each thread, of one network, which is loaded only if it is asked for. */
    private Supplier<Optional<FaceLiveness>> liveness() {
        DetectionConfig.LivenessConfig liveness = config.liveness();
        if (!liveness.enabled()) {
            return Optional::empty;
        }
        LivenessNetwork network = LivenessNetwork.load(ComputeDevice.CPU);
        return () -> Optional.of(new FaceLiveness(new NetworkScorer(network), liveness.leastWidth(), metrics));
    }
}
