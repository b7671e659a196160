package io.facestream.stages;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of a stage that rejects records which take too long. Stages that carry out commands have no such limit. */
public interface LimitedStageConfig extends StageConfig {
    /**
     * Limit of CPU time per record on its worker thread. A record that exceeds it twice is rejected as {@code
     * processing-timeout}. The largest picture allowed, 40 megapixels, takes about 4 s on one core.
     */
    @WithDefault("PT30S")
    @DurationMin(seconds = 1, message = "must be 1 s or longer")
    Duration recordCpuLimit();
}
