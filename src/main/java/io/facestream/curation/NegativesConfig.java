package io.facestream.curation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of faces that are not a person's. */
@ConfigMapping(prefix = "facestream.negatives")
public interface NegativesConfig {
    /**
     * How long such a face is kept. Longer than a picture of a visit, since the two people go on looking alike; not for
     * ever, since it is the face of somebody who is perhaps not enrolled. Whoever is still confused is denied again.
     */
    @WithDefault("P90D")
    @DurationMin(hours = 1, message = "must be 1 h or longer")
    Duration keep();
}
