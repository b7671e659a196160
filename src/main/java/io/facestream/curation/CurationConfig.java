package io.facestream.curation;

import io.facestream.stages.StageConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of the role {@code curation}. */
@ConfigMapping(prefix = "facestream.curation")
public interface CurationConfig extends StageConfig {
    /** Commands that are stored together. They are worked on one by one. */
    @Override
    @WithDefault("100")
    int maxPollRecords();

    /** How often the database is asked for commands that another replica has stored. */
    @WithDefault("PT0.25S")
    @DurationMin(millis = 50, message = "must be 50 ms or longer")
    Duration interval();

    /** A worker that holds a command for longer counts as dead, and another one does it. */
    @WithDefault("PT60S")
    @DurationMin(seconds = 5, message = "must be 5 s or longer")
    Duration lease();

    /** How long a command can be undone, and its answer is known. */
    @WithDefault("P30D")
    @DurationMin(days = 7, message = "must be 7 days or longer: a command may be sent again for so long")
    Duration keep();
}
