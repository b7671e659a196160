package io.facestream.identities;

import io.facestream.stages.LimitedStageConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of the decisions on embeddings. */
@ConfigMapping(prefix = "facestream.matching")
public interface MatchingConfig extends LimitedStageConfig {
    String SHARE = "must be above 0 and below 1";
    String DISTANCE = "must be a distance, 0 to 2";

    @Override
    @WithDefault("256")
    int maxPollRecords();

    /**
     * Share of the searches for strangers that may name somebody (FPIR), above 0 and below 1: the user's tolerance. The
     * threshold follows from it, the model version's false match rates and the size of the gallery. At 0.5 % and 128
     * people, FNIR on LFW is about 1.3 %.
     */
    @WithDefault("0.005")
    @DecimalMin(value = "0", inclusive = false, message = SHARE)
    @DecimalMax(value = "1", inclusive = false, message = SHARE)
    double targetFpir();

    /** Largest distance of a match, regardless of the gallery's size. If absent, it follows from the target. */
    Optional<@DecimalMin(value = "0", message = DISTANCE) @DecimalMax(value = "2", message = DISTANCE) Float>
            threshold();

    /** How much farther the runner-up must be. If absent, the model version's value is used. */
    Optional<@DecimalMin(value = "0", message = DISTANCE) @DecimalMax(value = "2", message = DISTANCE) Float>
            separation();

    /** Share of strangers among the faces that pass the cameras, above 0 and below 1. The probability depends on it. */
    @WithDefault("0.5")
    @DecimalMin(value = "0", inclusive = false, message = SHARE)
    @DecimalMax(value = "1", inclusive = false, message = SHARE)
    double strangerShare();

    /** Least shorter side, in pixels, of the box of a face to judge. */
    @WithDefault("20")
    @PositiveOrZero
    float minFaceSize();

    /**
     * Least sharpness of a face to judge; under 50 is blurred. Off by default, because the norm is a better measure.
     */
    @WithDefault("0")
    @PositiveOrZero
    float minSharpness();

    /** Least norm of an embedding to judge. If absent, the smallest norm in the model version's calibration. */
    Optional<@PositiveOrZero Float> minNorm();

    /**
     * Number of nearest identities in an event. At least 2, because the second one affects the decision; at most 1000,
     * the most that a search returns.
     */
    @WithDefault("5")
    @Min(2)
    @Max(1_000)
    int candidates();

    /**
     * Least time between two samples of the index's recall per loop: one face is searched again through all templates,
     * to count whether the index had found the nearest one. At 100,000 people this takes the database about 50 ms. It
     * runs on its own thread, so no event waits.
     */
    @WithDefault("PT1M")
    @DurationMin(seconds = 1, message = "must be 1 s or longer")
    Duration recallInterval();
}
