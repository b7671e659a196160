package io.facestream.training;

import io.facestream.stages.StageConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.hibernate.validator.constraints.time.DurationMin;

/** How training commands are worked off. */
@ConfigMapping(prefix = "facestream.training")
public interface TrainingConfig extends StageConfig {
    /** Commands that are stored together; they are worked off one by one. */
    @Override
    @WithDefault("16")
    int maxPollRecords();

    /** How often the database is asked for work. */
    @WithDefault("PT1S")
    @DurationMin(millis = 100, message = "must be 100 ms or longer")
    Duration interval();

    /** A worker that has not been heard of for so long is dead: another one goes on with its command. */
    @WithDefault("PT30S")
    @DurationMin(seconds = 5, message = "must be 5 s or longer")
    Duration lease();

    /**
     * Threads that a training runs on; half of the cores unless set. Where it runs beside cameras, all of its threads give way to theirs;
     * this bounds what it takes of cores that are idle.
     */
    OptionalInt threads();

    /** Chips are kept here while a run lasts, 76,800 bytes each; the system's folder for temporary files unless set. */
    Optional<Path> scratch();

    /** A run takes no more photos than this: a bound on scratch space, here 77 GB. */
    @WithDefault("1000000")
    @Positive
    int maxPhotos();
}
