package io.facestream.stages;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** What every transactional stage lets its operator set. */
public interface StageConfig {
    /** Whether this process runs the stage; the profile of the role switches it on. */
    @WithDefault("false")
    boolean enabled();

    /** Loops in this process, each a consumer and a producer of its own: with 2, one works while the other commits. */
    @WithDefault("1")
    @Min(1)
    @Max(64)
    int loops();

    /** Records a batch at most: a batch has to take well under {@code max.poll.interval.ms}, 60 s. */
    @Min(1)
    @Max(10_000)
    int maxPollRecords();
}
