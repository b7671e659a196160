package io.facestream.detection;

import io.facestream.networks.ComputeDevice;
import io.facestream.stages.LimitedStageConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
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

    /** Frames of a batch processed in parallel; 0 for the number of cores. */
    @WithDefault("0")
    @Min(0)
    @Max(1_024)
    int threads();

    /**
     * Maximum pixels per batch, as announced by the pictures' headers. A larger picture is a batch of its own. 16
     * frames of full HD are 33 megapixels.
     */
    @WithDefault("40000000")
    @Positive
    long maxBatchPixels();

    /** The face detector. {@code rfb} takes a half to a third of the time of {@code mtcnn}. */
    @WithDefault("rfb")
    Detector detector();

    /**
     * Least confidence of a face, 0 to 1, of {@code rfb}, {@code mtcnn} and {@code cnn}. If absent, the detector's own,
     * whose settings give the reason. A greater one loses faces, a smaller one takes other things for faces.
     */
    Optional<@DecimalMin("0") @DecimalMax("1") Float> leastConfidence();

    /**
     * Least score, 0 to 1, of what {@code rfb} judges. If absent, its own, of which {@code RfbSettings} gives the
     * reason. A greater one saves time where there is much that resembles a face, and loses faces.
     */
    Optional<@DecimalMin("0") @DecimalMax("1") Float> leastProposal();

    /**
     * The device for {@code cnn}: {@code auto} uses a GPU if there is one; {@code gpu} without one is an error at
     * start. {@code rfb}, {@code mtcnn} and {@code hog} run on the CPU.
     */
    @WithDefault("auto")
    ComputeDevice device();

    /** Shorter side of the smallest face looked for, in pixels; halving it makes detection about four times as slow. */
    @WithDefault("40")
    @Positive
    int smallestFace();

    /** Maximum faces per frame, the most confident ones. The frame mark counts the others. */
    @WithDefault("100")
    @Positive
    int maxFaces();

    /** Frames older than this by the broker's clock are rejected as stale. If absent, every frame is processed. */
    Optional<@DurationMin(millis = 1, message = "must be 1 ms or longer") Duration> maxFrameAge();

    /** How sure a network is that near faces are no pictures of faces: advice in events, on which nothing rests. */
    LivenessConfig liveness();

    /** Settings of single cameras, by name. */
    Map<String, CameraConfig> cameras();

    enum Detector {
        /** One small network that proposes, two that judge, {@code RfbDetector}. */
        RFB,
        /** Three small networks in a row, {@code MtcnnDetector}. */
        MTCNN,
        /** One larger network, {@code SsdDetector}: the choice for GPUs. */
        CNN,
        /** Histograms of oriented gradients, {@code HogDetector}: for machines that cannot run the others. */
        HOG
    }

    /** Whether near faces are scored, and which those are. */
    interface LivenessConfig {
        /** Off, because it costs time, says little, and opens no door. The network is loaded only if it is on. */
        @WithDefault("false")
        boolean enabled();

        /**
         * Least width of a face's box, in pixels, for it to be scored. Of 29 faces at least 96 wide, none was taken for
         * the other thing at a threshold of 0.5 when the photo was shrunk until it was 80 wide, one when 64, two when
         * 48, four when 40.
         */
        @WithDefault("80")
        @Positive
        int leastWidth();
    }

    /** Settings that may differ from camera to camera. */
    interface CameraConfig {
        Optional<@DurationMin(millis = 1, message = "must be 1 ms or longer") Duration> maxFrameAge();

        /**
         * Clockwise rotation in degrees that makes its pictures upright: 0, 90, 180 or 270, such as 180 for a camera
         * mounted upside down. Not detected automatically, because trying all four would take four times as long.
         */
        @WithDefault("0")
        int rotation();
    }
}
