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

/** How embeddings become decisions. */
@ConfigMapping(prefix = "facestream.matching")
public interface MatchingConfig extends LimitedStageConfig {
    String SHARE = "must be above 0 and below 1";
    String DISTANCE = "must be a distance, 0 to 2";

    @Override
    @WithDefault("256")
    int maxPollRecords();

    /**
     * Share of the searches for strangers that may name somebody (FPIR), above 0 and below 1: what the user can bear. The
     * threshold follows from it, the model version's false match rates and the size of the gallery. At 0.5 % and 128 people,
     * FNIR on LFW is about 1.3 %.
     */
    @WithDefault("0.005")
    @DecimalMin(value = "0", inclusive = false, message = SHARE)
    @DecimalMax(value = "1", inclusive = false, message = SHARE)
    double targetFpir();

    /** Largest distance of a match, whatever the gallery's size; absent, it follows from the target. */
    Optional<@DecimalMin(value = "0", message = DISTANCE) @DecimalMax(value = "2", message = DISTANCE) Float>
            threshold();

    /** How much farther the runner-up must be; absent, the one that came with the model version. */
    Optional<@DecimalMin(value = "0", message = DISTANCE) @DecimalMax(value = "2", message = DISTANCE) Float>
            separation();

    /** Share of strangers among the faces that pass the cameras, above 0 and below 1: the probability depends on it. */
    @WithDefault("0.5")
    @DecimalMin(value = "0", inclusive = false, message = SHARE)
    @DecimalMax(value = "1", inclusive = false, message = SHARE)
    double strangerShare();

    /** Shorter side of the box of a face that is judged, in pixels. */
    @WithDefault("20")
    @PositiveOrZero
    float minFaceSize();

    /** Least sharpness of a face that is judged: under 50 is blurred. The norm tells more, so there is no bound here. */
    @WithDefault("0")
    @PositiveOrZero
    float minSharpness();

    /** Least norm of an embedding that is judged; absent, the smallest one that the model version was calibrated with. */
    Optional<@PositiveOrZero Float> minNorm();

    /** Nearest identities that an event lists: the second one decides too, and a search yields 1000 at most. */
    @WithDefault("5")
    @Min(2)
    @Max(1_000)
    int candidates();

    /**
     * How often, at most, a loop searches for one face a second time, through all templates, and counts whether the index had found
     * the nearest one. At 100,000 people that is some 50 ms of the database's; on a thread of its own, so that no event waits.
     */
    @WithDefault("PT1M")
    @DurationMin(seconds = 1, message = "must be 1 s or longer")
    Duration recallInterval();
}
