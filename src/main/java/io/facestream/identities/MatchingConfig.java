package io.facestream.identities;

import io.facestream.messaging.StageConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** How embeddings become decisions. */
@ConfigMapping(prefix = "facestream.matching")
public interface MatchingConfig extends StageConfig {
    @Override
    @WithDefault("256")
    int maxPollRecords();

    /** Largest distance of a match; absent, the one that came with the model version. */
    Optional<Float> threshold();

    /** How much farther the runner-up must be; absent, the one that came with the model version. */
    Optional<Float> separation();

    /** Nearest identities that an event lists, at least 2. */
    @WithDefault("5")
    int candidates();
}
