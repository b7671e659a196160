package io.facestream.alerts.rules;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** Which target is told of whom, where and when. */
public interface RuleConfig {
    /**
     * {@code anybody}, {@code known}, {@code strangers}, {@code unknown}; or people, by name, identityId or {@code
     * tag:...}.
     */
    List<String> who();

    /** Cameras; {@code *} stands for any characters, {@code ?} for one. */
    @WithDefault("*")
    List<String> where();

    /** Spans of the week, such as {@code mon-fri 22:00-06:00}; default: always. */
    Optional<List<String>> when();

    /** The time zone of {@code when}, such as {@code Europe/Berlin}. */
    @WithDefault("UTC")
    String zone();

    /** After an alert, none for the same subject at the same camera for so long. */
    @WithDefault("PT0S")
    @DurationMin(seconds = 0, message = "must be 0 s or longer")
    Duration coolDown();

    /** Names of targets. */
    List<String> target();
}
