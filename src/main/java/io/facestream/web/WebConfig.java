package io.facestream.web;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * How people and programs are served. Faces are found, embedded and judged by the settings of detection, embedding and
 * matching, so that an answer is what an event would say.
 */
@ConfigMapping(prefix = "facestream.web")
public interface WebConfig {
    /** Whether the role runs. */
    @WithDefault("false")
    boolean enabled();

    /** Pictures processed at a time; 0 for the number of cores, as more would only slow each other down. */
    @WithDefault("0")
    @Min(0)
    @Max(1_024)
    int threads();

    /**
     * Pictures that may wait for a thread or for the database. Whoever comes then is told to come again in a second. On
     * 2 cores, the last of 16 pictures of 640x480 waits about half a second.
     */
    @WithDefault("16")
    @Min(1)
    @Max(10_000)
    int waiting();

    /** Longest time that a request's body may take to arrive; a picture of 8 MiB takes 6.7 s at 10 Mbit/s. */
    @WithDefault("PT10S")
    @DurationMin(millis = 100, message = "must be 100 ms or longer")
    Duration uploadTimeout();

    /**
     * Bytes of all bodies that are under way or in work. A body without an announced length counts as the largest that
     * is allowed, three times {@code facestream.pictures.max-bytes}: two pictures in base64.
     */
    @WithDefault("67108864")
    @Min(1_048_576)
    @Max(1_073_741_824)
    int uploadBytes();

    /**
     * Requests that a key may make a second, on average over ten seconds, of each replica. As a bound on what a program
     * that runs wild costs the database; pictures have {@link #waiting}.
     */
    @WithDefault("200")
    @Min(1)
    @Max(100_000)
    int keyRate();

    /** How long somebody stays signed in to the page: a working day. */
    @WithDefault("PT12H")
    @DurationMin(minutes = 1, message = "must be a minute or longer")
    @DurationMax(days = 400, message = "must be 400 days or shorter")
    Duration session();
}
