package io.facestream.sightings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How faces become visits. */
@ConfigMapping(prefix = "facestream.sightings")
public interface SightingsConfig {
    /** Whether this process runs the role. The profile of the role switches it on. */
    @WithDefault("false")
    boolean enabled();

    /** Threads in this process. Each takes a share of the partitions. One does 1,000 faces/s. */
    @WithDefault("1")
    @Min(1)
    @Max(64)
    int threads();

    /**
     * Faces that make a visit appear, and KNOWN faces that give it a name. Two, because a detector's false face hardly
     * ever comes twice at one place.
     */
    @WithDefault("2")
    @Min(1)
    @Max(100)
    int confirm();

    /**
     * Least time between the first and the last KNOWN face of a name: frames of one moment are no independent
     * witnesses. Four frames at 5 frames/s.
     */
    @WithDefault("PT0.6S")
    @DurationMin(millis = 0, message = "must be 0 s or longer")
    @DurationMax(minutes = 1, message = "must be 1 minute or shorter")
    Duration nameSpan();

    /** One face with at least this probability gives a name by itself. At 1, hardly any does. */
    @WithDefault("0.999")
    @DecimalMin(value = "0.5", message = "must be 0.5 to 1")
    @DecimalMax(value = "1", message = "must be 0.5 to 1")
    double confirmProbability();

    /**
     * A visit ends when its camera has filmed for longer than this without its face. Long enough for somebody who turns
     * away or is covered; the role {@code cameras} sends frames at least twice as often.
     */
    @WithDefault("PT5S")
    @DurationMin(millis = 200, message = "must be 200 ms or longer")
    @DurationMax(hours = 1, message = "must be 1 hour or shorter")
    Duration absence();

    /** Somebody who re-appears within this time goes on with the visit. At least the absence. */
    @WithDefault("PT30S")
    @DurationMin(millis = 200, message = "must be 200 ms or longer")
    @DurationMax(hours = 1, message = "must be 1 hour or shorter")
    Duration rejoin();

    /** While a face is seen, its visit is told of at least so often: who stays for long has a row that grows. */
    @WithDefault("PT5M")
    @DurationMin(seconds = 1, message = "must be 1 s or longer")
    Duration updateInterval();

    /**
     * Faces and marks of a partition that wait for the rest of their frame, at most; about 1 kB each. While matching
     * stands still they pile up, and beyond this bound the oldest frames are left out: 50,000 is two hours of one
     * camera at 5 faces/s.
     */
    @WithDefault("50000")
    @Min(1_000)
    @Max(10_000_000)
    int mostPending();

    /** How long visits stay in the database, in whole days. */
    @WithDefault("P30D")
    @DurationMin(days = 1, message = "must be 1 day or longer")
    @DurationMax(days = 400, message = "must be 400 days or shorter")
    Duration keep();

    /** How long visits of nobody known stay in the database. At most as long as the others. */
    @WithDefault("P7D")
    @DurationMin(seconds = 0, message = "must be 0 s or longer")
    @DurationMax(days = 400, message = "must be 400 days or shorter")
    Duration keepUnknown();

    /** Of whom the best shot stays in the database. */
    Shots shots();

    /** How long the picture of a visit's best face stays in the database; zero keeps none. */
    interface Shots {
        /** Of enrolled people, who are erased with their shots. */
        @WithDefault("P30D")
        @DurationMin(seconds = 0, message = "must be 0 s or longer")
        @DurationMax(days = 400, message = "must be 400 days or shorter")
        Duration people();

        /** Of everybody else. None by default: nobody could ask for the erasure of a face without a name. */
        @WithDefault("PT0S")
        @DurationMin(seconds = 0, message = "must be 0 s or longer")
        @DurationMax(days = 400, message = "must be 400 days or shorter")
        Duration others();
    }
}
