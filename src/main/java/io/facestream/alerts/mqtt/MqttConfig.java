package io.facestream.alerts.mqtt;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** A broker of MQTT that takes alerts, and shows people and cameras to Home Assistant. */
public interface MqttConfig {
    /** Where the broker is: {@code mqtt://host}, or {@code mqtts://host} for TLS; ports 1883 and 8883 unless given. */
    String broker();

    /**
     * The login: the plain name of a file in {@code facestream.alerts.secrets} with the lines {@code user=} and {@code
     * password=}. It is read again at each connection. If absent, the broker takes everybody.
     */
    Optional<String> secret();

    /** Certificates of the authorities that the broker's is checked by, as PEM; default: those of Java. */
    Optional<Path> authorities();

    /** The first levels of all topics. It also tells two installations on one broker apart. */
    @WithDefault("facestream")
    @Pattern(regexp = "[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+){0,7}", message = "must be levels of letters, digits, _ and -")
    String baseTopic();

    /**
     * The client ids are this, and this with a hyphen and the replica's name: a broker may tie rights to them. Default:
     * the base topic, with {@code _} for each slash.
     */
    Optional<@Pattern(regexp = "[A-Za-z0-9_-]{1,64}", message = "must be 1 to 64 letters, digits, _ and -") String>
            clientId();

    /** Whether states and events are published, and Home Assistant is told of their entities. */
    @WithDefault("true")
    boolean homeAssistant();

    /** The first level that Home Assistant listens to. */
    @WithDefault("homeassistant")
    @Pattern(regexp = "[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+){0,7}", message = "must be levels of letters, digits, _ and -")
    String discoveryPrefix();

    /** Whether people have entities of their own. Otherwise there are only cameras, which still tell names. */
    @WithDefault("true")
    boolean people();

    /** People with entities at most: those who were seen last. Each has 4 retained messages. */
    @WithDefault("500")
    @Min(0)
    @Max(10_000)
    int mostPeople();

    /** Cameras with entities at most: those that saw somebody last. Each has 5 retained messages. */
    @WithDefault("200")
    @Min(0)
    @Max(10_000)
    int mostCameras();

    /** Who was not seen for so long has no entities. Visits are known for {@code facestream.sightings.keep}. */
    @WithDefault("P30D")
    @DurationMin(hours = 1, message = "must be 1 hour or longer")
    @DurationMax(days = 400, message = "must be 400 days or shorter")
    Duration keep();

    /**
     * A visit of which nothing was heard for so long is over, even if nobody said so. More than twice {@code
     * facestream.sightings.update-interval} (PT5M), in which each open visit is told of.
     */
    @WithDefault("PT12M")
    @DurationMin(seconds = 1, message = "must be 1 s or longer")
    @DurationMax(hours = 24, message = "must be 24 hours or shorter")
    Duration stale();
}
