package io.facestream.cameras;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.facestream.messaging.CloudEventRecords;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who films, and how: the value of the compacted topic {@code cameras}, whose key is the camera's name. Absent fields
 * have their defaults.
 *
 * @param url {@code rtsp://}, {@code rtsps://}, {@code http://}, {@code https://}, {@code webcam:0}, or
 *     {@code file:NAME} below {@code facestream.cameras.folder}; never with a user or a password
 * @param fps frames per second that are looked at, above 0 to 60; default 5
 * @param rotation clockwise turn of the pictures, 0, 90, 180 or 270 degrees; default 0
 * @param gate which frames are sent; default motion
 * @param keepAlive the longest time without a frame while the gate is shut, 100 ms to 10 s; default 10 s
 * @param host the host (its {@code facestream.cameras.host}) that alone films it; required for webcams and files, null
 *     for any host
 * @param enabled whether it films; default true
 * @param secret name of a file below {@code facestream.cameras.secrets} with user and password; null for none
 */
public record CameraDefinition(
        String url,
        Double fps,
        Integer rotation,
        Gating gate,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Duration keepAlive,
        String host,
        Boolean enabled,
        String secret) {
    /** The {@code ce_type} of a definition. */
    public static final String TYPE = CloudEventRecords.type("camera");

    public static final double DEFAULT_FPS = 5;
    public static final Duration LONGEST_KEEP_ALIVE = Duration.ofSeconds(10);

    private static final Duration SHORTEST_KEEP_ALIVE = Duration.ofMillis(100);
    private static final double FASTEST = 60;
    private static final Set<Integer> ROTATIONS = Set.of(0, 90, 180, 270);
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    /** @throws IllegalArgumentException naming the field, its value, and what is allowed */
    public CameraDefinition {
        if (url == null || url.isBlank()) {
            throw new IllegalArgumentException("url is missing");
        }
        CameraAddress address = CameraAddress.of(url);
        fps = fps == null ? DEFAULT_FPS : fps;
        rotation = rotation == null ? 0 : rotation;
        gate = gate == null ? Gating.MOTION : gate;
        keepAlive = keepAlive == null ? LONGEST_KEEP_ALIVE : keepAlive;
        enabled = enabled == null || enabled;
        if (!(fps > 0 && fps <= FASTEST)) {
            throw new IllegalArgumentException("fps is above 0 and at most 60, not " + fps);
        }
        if (!ROTATIONS.contains(rotation)) {
            throw new IllegalArgumentException("rotation is 0, 90, 180 or 270, not " + rotation);
        }
        if (keepAlive.compareTo(SHORTEST_KEEP_ALIVE) < 0 || keepAlive.compareTo(LONGEST_KEEP_ALIVE) > 0) {
            throw new IllegalArgumentException("keepAlive is PT0.1S to PT10S, not " + keepAlive);
        }
        if (host != null && !HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "host has 1 to 200 of the characters A-Z a-z 0-9 . _ -, not \"" + ShownText.of(host) + "\"");
        }
        if (host == null && address.needsHost()) {
            throw new IllegalArgumentException(
                    address + " is on one machine only: host must name it (its facestream.cameras.host)");
        }
        if (secret != null) {
            CameraSecret.checkName(secret);
            if (!(address instanceof CameraAddress.Stream)) {
                throw new IllegalArgumentException("secret is for rtsp and http cameras, not for " + address);
            }
        } else if (address instanceof CameraAddress.Stream stream && stream.hasPlaceholder()) {
            throw new IllegalArgumentException(
                    address + " has the placeholder {user} or {password}, but there is no secret");
        }
    }

    /** Where it films. */
    public CameraAddress address() {
        return CameraAddress.of(url);
    }
}
