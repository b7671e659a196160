package io.facestream.stages;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** What a stage lets its operator set whose records are no commands: one that takes too long is rejected. */
public interface LimitedStageConfig extends StageConfig {
    /**
     * CPU time that a record may use of the thread that works on it: one that uses more, twice, is rejected as {@code
     * processing-timeout}. The largest picture allowed, 40 megapixels, takes about 4 s on one core.
     */
    @WithDefault("PT30S")
    @DurationMin(seconds = 1, message = "must be 1 s or longer")
    Duration recordCpuLimit();
}
