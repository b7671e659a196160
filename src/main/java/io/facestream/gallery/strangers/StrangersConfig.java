package io.facestream.gallery.strangers;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * Whether passers-by who match nobody are kept. The roles matching, sightings, curation and enrolment have the same.
 */
@ConfigMapping(prefix = "facestream.strangers")
public interface StrangersConfig {
    /** How long a stranger is kept from the first visit on; {@code none} keeps nobody, and costs nothing. */
    @WithDefault("none")
    Optional<
                    @WithConverter(NoneOrDuration.class)
                    @DurationMin(hours = 1, message = "must be 1 hour or longer, or none")
                    @DurationMax(days = 400, message = "must be 400 days or shorter") Duration>
            keep();

    /**
     * Largest share of searches among all strangers for somebody else that find one, above 0 and below 1. It gives the
     * threshold, by the model version's calibration.
     */
    @WithDefault("0.001")
    @DecimalMin(value = "0", inclusive = false, message = "must be above 0 and below 1")
    @DecimalMax(value = "1", inclusive = false, message = "must be above 0 and below 1")
    double targetFpir();

    /**
     * The same of those who are not kept because a stranger is as near: whether they are that stranger is in doubt. At
     * most {@link #targetFpir} and nobody is in doubt. Without effect beside {@link #threshold}.
     */
    @WithDefault("0.05")
    @DecimalMin(value = "0", inclusive = false, message = "must be above 0 and below 1")
    @DecimalMax(value = "1", inclusive = false, message = "must be above 0 and below 1")
    double doubtFpir();

    /**
     * Least norm of the embedding of a face that is searched among strangers, or kept. By default 1.73 times the
     * smallest norm in the model version's calibration: 54 for the shipped network, whose median on LFW is 70; 3 % of
     * LFW's photos are below 54.
     */
    Optional<@PositiveOrZero Float> minNorm();

    /** Largest distance of a stranger's face. If absent, it follows from the target. */
    Optional<
                    @DecimalMin(value = "0", message = "must be a distance, 0 to 2")
                    @DecimalMax(value = "2", message = "must be a distance, 0 to 2") Float>
            threshold();

    /** Good faces of a visit to keep its stranger: a second at 5 frames/s. One is enough if the face comes back. */
    @WithDefault("5")
    @Min(1)
    @Max(100)
    int minFaces();

    /** Least shorter side, in pixels, of the box of a good face, as enrolment has it. */
    @WithDefault("40")
    @PositiveOrZero
    float minFaceSize();

    /** Least sharpness of a good face, as enrolment has it; under 50 is blurred. */
    @WithDefault("20")
    @PositiveOrZero
    float minSharpness();
}
