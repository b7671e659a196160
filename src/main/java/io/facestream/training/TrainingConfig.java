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

/** Settings of the role {@code training}. */
@ConfigMapping(prefix = "facestream.training")
public interface TrainingConfig extends StageConfig {
    /** Commands that are stored together. They are worked on one by one. */
    @Override
    @WithDefault("16")
    int maxPollRecords();

    /** How often the database is asked for work. */
    @WithDefault("PT1S")
    @DurationMin(millis = 100, message = "must be 100 ms or longer")
    Duration interval();

    /** A worker that does not renew its lease for this long counts as dead, and another one continues its command. */
    @WithDefault("PT30S")
    @DurationMin(seconds = 5, message = "must be 5 s or longer")
    Duration lease();

    /**
     * Threads of a training; default: half of the cores. Beside cameras, all of these threads have a lower priority
     * than theirs, and this number bounds the use of idle cores.
     */
    OptionalInt threads();

    /** Chips are kept here while a run lasts, 76,800 bytes each; default: the system's folder for temporary files. */
    Optional<Path> scratch();

    /** A run takes no more photos than this: a bound on scratch space, here 77 GB. */
    @WithDefault("1000000")
    @Positive
    int maxPhotos();
}
