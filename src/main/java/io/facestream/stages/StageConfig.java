package io.facestream.stages;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** Settings of every transactional stage. */
public interface StageConfig {
    /** Whether this process runs the stage. The profile of the role switches it on. */
    @WithDefault("false")
    boolean enabled();

    /** Loops in this process, each with its own consumer and producer. With 2, one works while the other commits. */
    @WithDefault("1")
    @Min(1)
    @Max(64)
    int loops();

    /** Maximum records per batch. A batch must take well under {@code max.poll.interval.ms}, 60 s. */
    @Min(1)
    @Max(10_000)
    int maxPollRecords();
}
