package io.facestream.messaging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** How missing topics are created. */
@ConfigMapping(prefix = "facestream.topics")
public interface TopicsConfig {
    /**
     * Partitions of every new topic, which is also the largest useful number of replicas of a stage. New camera-keyed
     * topics get the partition count of existing ones instead.
     */
    @WithDefault("6")
    @Min(1)
    @Max(10_000)
    int partitions();

    /** Whether missing topics are created. Otherwise a missing topic is an error at start. */
    @WithDefault("true")
    boolean create();
}
