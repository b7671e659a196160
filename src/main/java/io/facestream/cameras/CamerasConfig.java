package io.facestream.cameras;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How cameras are filmed. Which ones are is on the topic {@code cameras}. */
@ConfigMapping(prefix = "facestream.cameras")
public interface CamerasConfig {
    /** Whether this process films. The profile of the role switches it on. */
    @WithDefault("false")
    boolean enabled();

    /** The folder below which {@code file:} cameras lie. If absent, there are none. */
    Optional<Path> folder();

    /** The folder of the cameras' logins. If absent, there are none. */
    Optional<Path> secrets();

    /** The name by which definitions call this host; default: {@code facestream.instance}. Unique among replicas. */
    Optional<String> host();

    /**
     * How long the gate stays open after the last blob. Blobs of people who stand still stay, so it only bridges what
     * hides them for a moment. Each visit costs so many more frames: with PT1S, a fifth of the empty frames of a clip
     * with a visit every 23 s passed for that alone, and not one face more (docs/cameras.md).
     */
    @WithDefault("PT0.4S")
    @DurationMin(millis = 100, message = "must be 100 ms or longer")
    @DurationMax(minutes = 10, message = "must be 10 minutes or shorter")
    Duration hold();

    /**
     * After so long without a frame a visit is over for those who read the events. While anything but the background
     * was seen a moment ago, frames are at most half of it apart.
     */
    @WithDefault("PT5S")
    @DurationMin(millis = 200, message = "must be 200 ms or longer")
    Duration absence();

    /** A picture that has not changed at all for so long is frozen: a sensor's noise changes every picture. */
    @WithDefault("PT1M")
    @DurationMin(seconds = 1, message = "must be 1 s or longer")
    Duration frozenAfter();

    /** A stream without a picture for so long, or for three frames, is given up and opened again. */
    @WithDefault("PT10S")
    @DurationMin(seconds = 1, message = "must be 1 s or longer")
    Duration silentAfter();

    /** The most cameras of a process; each has a thread, a decoder, and about 30 MB. */
    @WithDefault("500")
    @Min(1)
    @Max(10_000)
    int mostCameras();
}
