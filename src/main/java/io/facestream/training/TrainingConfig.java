package io.facestream.training;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How training commands are worked off. */
@ConfigMapping(prefix = "facestream.training")
public interface TrainingConfig {
    /** Whether this process trains; the profile of the role switches it on. */
    @WithDefault("false")
    boolean enabled();

    /** How often the database is asked for work. */
    @WithDefault("PT1S")
    Duration interval();

    /** A worker that has not been heard of for so long is dead: another one goes on with its command. */
    @WithDefault("PT30S")
    Duration lease();

    /** Chips are kept here while a run lasts, 76,800 bytes each; the system's folder for temporary files unless set. */
    Optional<Path> scratch();

    /** A run takes no more photos than this: a bound on scratch space, here 77 GB. */
    @WithDefault("1000000")
    int maxPhotos();
}
