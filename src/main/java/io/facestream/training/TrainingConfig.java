package io.facestream.training;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** How training commands are worked off. */
@ConfigMapping(prefix = "facestream.training")
public interface TrainingConfig {
    /** Whether this process trains; the profile of the role switches it on. */
    @WithDefault("false")
    boolean enabled();

    /** How often the database is asked for work. */
    @WithDefault("PT1S")
    @DurationMin(millis = 100, message = "must be 100 ms or longer")
    Duration interval();

    /** A worker that has not been heard of for so long is dead: another one goes on with its command. */
    @WithDefault("PT30S")
    @DurationMin(seconds = 5, message = "must be 5 s or longer")
    Duration lease();

    /** Chips are kept here while a run lasts, 76,800 bytes each; the system's folder for temporary files unless set. */
    Optional<Path> scratch();

    /** A run takes no more photos than this: a bound on scratch space, here 77 GB. */
    @WithDefault("1000000")
    @Positive
    int maxPhotos();
}
