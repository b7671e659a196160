package io.facestream.embeddings;

import io.facestream.networks.ComputeDevice;
import io.facestream.stages.LimitedStageConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How chips become embeddings. */
@ConfigMapping(prefix = "facestream.embedding")
public interface EmbeddingConfig extends LimitedStageConfig {
    @Override
    @WithDefault("64")
    int maxPollRecords();

    /** {@code auto} uses a GPU if there is one; {@code gpu} without one is an error at start. */
    @WithDefault("auto")
    ComputeDevice device();

    /** Chips of a batch that are embedded in parallel on a CPU; 0 for the number of cores. */
    @WithDefault("0")
    @Min(0)
    @Max(1_024)
    int threads();

    /**
     * How often the registry is polled for the active version, with one short query. A promotion takes effect after
     * this time at the latest, even if Kafka does not announce it.
     */
    @WithDefault("PT2S")
    @DurationMin(millis = 100, message = "must be 100 ms or longer")
    Duration registryInterval();
}
