package io.facestream.web.visits;

import java.time.Instant;

/** @param lastSeen when the latest visit to this camera began */
public record Camera(String name, Instant lastSeen) {}
