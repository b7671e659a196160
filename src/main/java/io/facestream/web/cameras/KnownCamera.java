package io.facestream.web.cameras;

import java.time.Instant;

/**
 * A camera.
 *
 * @param lastSeen when the latest visit to it began; null if there was none
 * @param filming how it does; null if the role cameras does not film it
 */
public record KnownCamera(String name, Instant lastSeen, Filming filming) {}
