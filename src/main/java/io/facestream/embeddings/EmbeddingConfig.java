package io.facestream.embeddings;

import io.facestream.networks.ComputeDevice;
import io.facestream.stages.LimitedStageConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How chips become embeddings. */
@ConfigMapping(prefix = "facestream.embedding")
public interface EmbeddingConfig extends LimitedStageConfig {
    @Override
    @WithDefault("64")
    int maxPollRecords();

    /** {@code auto} takes a GPU where there is one; {@code gpu} where there is none is an error at start. */
    @WithDefault("auto")
    ComputeDevice device();

    /**
     * How often the registry is asked which version is active: the longest that a promotion goes unnoticed where Kafka does not
     * tell of it. One short query.
     */
    @WithDefault("PT2S")
    @DurationMin(millis = 100, message = "must be 100 ms or longer")
    Duration registryInterval();
}
