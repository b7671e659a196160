package io.facestream.messaging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** How topics that are absent are created. */
@ConfigMapping(prefix = "facestream.topics")
public interface TopicsConfig {
    /**
     * Partitions of every topic: the most replicas that a stage can use. Camera-keyed topics get as many as those of them
     * have that are there already.
     */
    @WithDefault("6")
    @Min(1)
    @Max(10_000)
    int partitions();

    /** Whether absent topics are created; where they are made by others, a missing one is an error at start. */
    @WithDefault("true")
    boolean create();
}
