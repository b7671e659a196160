package io.facestream.messaging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** This replica's place among the others. */
@ConfigMapping(prefix = "facestream")
public interface InstanceConfig {
    /** Stable across restarts, unique among the replicas of a role: a pod's ordinal name, a host's name. */
    @WithName("instance")
    @WithDefault("${HOSTNAME:local}")
    String name();
}
