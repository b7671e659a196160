package io.facestream.detection;

import io.facestream.networks.ComputeDevice;
import io.facestream.stages.LimitedStageConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** How faces are found in frames. */
@ConfigMapping(prefix = "facestream.detection")
public interface DetectionConfig extends LimitedStageConfig {
    /** 16 frames of full HD take under 5 s on 2 cores. */
    @Override
    @WithDefault("16")
    int maxPollRecords();

    /** Frames of a batch that are worked on at the same time; 0 takes as many as there are cores. */
    @WithDefault("0")
    @Min(0)
    @Max(1_024)
    int threads();

    /**
     * Pixels of a batch, as the pictures' headers announce them; a larger picture is a batch by itself. 16 frames of full HD are 33
     * megapixels.
     */
    @WithDefault("40000000")
    @Positive
    long maxBatchPixels();

    /** What looks for faces. On a CPU, MTCNN is faster. */
    @WithDefault("mtcnn")
    Detector detector();

    /**
     * Where {@code cnn} runs: {@code auto} takes a GPU where there is one; {@code gpu} where there is none is an error at
     * start. {@code mtcnn} and {@code hog} run on the CPU.
     */
    @WithDefault("auto")
    ComputeDevice device();

    /** Shorter side of the smallest face looked for, in pixels; halving it makes detection about four times as slow. */
    @WithDefault("40")
    @Positive
    int smallestFace();

    /** Faces of a frame that go on, the most confident ones; the frame mark counts the others. */
    @WithDefault("100")
    @Positive
    int maxFaces();

    /** Frames older than this by the broker's clock are skipped and reported as stale; absent, every frame is processed. */
    Optional<@DurationMin(millis = 1, message = "must be 1 ms or longer") Duration> maxFrameAge();

    /** The same for single cameras, by name. */
    Map<String, CameraConfig> cameras();

    enum Detector {
        /** Three small networks in a row, {@code MtcnnDetector}. */
        MTCNN,
        /** One larger network, {@code SsdDetector}: the choice for GPUs. */
        CNN,
        /** Histograms of oriented gradients, {@code HogDetector}: for machines with nothing else. */
        HOG
    }

    /** What may differ from camera to camera. */
    interface CameraConfig {
        Optional<@DurationMin(millis = 1, message = "must be 1 ms or longer") Duration> maxFrameAge();

        /**
         * Degrees clockwise that make its pictures upright: 0, 90, 180 or 270, such as 180 for a camera that hangs upside down. By
         * default they are as they come: trying every way would take four times as long.
         */
        @WithDefault("0")
        int rotation();
    }
}
