package io.facestream.enrolment;

import io.facestream.stages.StageConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.Optional;

/** Which labelled photos become part of a person's template. */
@ConfigMapping(prefix = "facestream.enrolment")
public interface EnrolmentConfig extends StageConfig {
    /** The answers of a batch come together. */
    @Override
    @WithDefault("16")
    int maxPollRecords();

    /** Pixels of a batch, as the photos' headers announce them; a larger photo is a batch by itself. */
    @WithDefault("100000000")
    @Positive
    long maxBatchPixels();

    /** Shorter side of the face's box, in pixels. */
    @WithDefault("40")
    @PositiveOrZero
    float minFaceSize();

    /** Variance of the Laplacian of the chip's luma: under 50 is blurred, over 300 crisp. */
    @WithDefault("20")
    @PositiveOrZero
    float minSharpness();

    /** How many times larger than every other face the labelled one must be, by area. */
    @WithDefault("4")
    @DecimalMin(value = "1", message = "must be 1 or more")
    float dominance();

    /**
     * Least norm of an embedding. Absent, 1.6 times the smallest one that the model version was calibrated with: 46 for the shipped
     * network, whose norms are 70 in the median on LFW, and smaller for 0.1 % of its photos.
     */
    Optional<@PositiveOrZero Float> minNorm();

    /**
     * How far a photo may lie from the nearest of its person's others: L2 of unit vectors. 0.5 % of LFW's lie farther, wrongly named
     * ones among them; of other people's photos 96 %.
     */
    @WithDefault("1.2")
    @DecimalMin(value = "0", message = "must be a distance, 0 to 2")
    @DecimalMax(value = "2", message = "must be a distance, 0 to 2")
    float maxDistance();
}
