package io.facestream.enrolment;

import io.facestream.stages.StageConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.Optional;

/** Settings that decide which labelled photos become part of a person's template. */
@ConfigMapping(prefix = "facestream.enrolment")
public interface EnrolmentConfig extends StageConfig {
    /** Maximum photos per batch; the answers of a batch are sent together. */
    @Override
    @WithDefault("16")
    int maxPollRecords();

    /** Maximum pixels per batch, as announced by the photos' headers. A larger photo is a batch of its own. */
    @WithDefault("100000000")
    @Positive
    long maxBatchPixels();

    /** Least shorter side of the face's box, in pixels. */
    @WithDefault("40")
    @PositiveOrZero
    float minFaceSize();

    /** Least sharpness, the variance of the Laplacian of the chip's luma: under 50 is blurred, over 300 crisp. */
    @WithDefault("20")
    @PositiveOrZero
    float minSharpness();

    /** How many times larger than every other face the labelled one must be, by area. */
    @WithDefault("4")
    @DecimalMin(value = "1", message = "must be 1 or more")
    float dominance();

    /**
     * Least norm of an embedding. By default 1.46 times the smallest norm in the model version's calibration: 46 for
     * the shipped network, whose median on LFW is 70; 0.1 % of LFW's photos are below 46.
     */
    Optional<@PositiveOrZero Float> minNorm();

    /**
     * Largest distance of a photo from the nearest other photo of its person: L2 of unit vectors. 0.5 % of LFW's photos
     * lie farther, including mislabelled ones; of other people's photos 96 % do.
     */
    @WithDefault("1.2")
    @DecimalMin(value = "0", message = "must be a distance, 0 to 2")
    @DecimalMax(value = "2", message = "must be a distance, 0 to 2")
    float maxDistance();
}
