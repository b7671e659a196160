package io.facestream.web.threshold;

import java.util.UUID;

/** @param photos that the template averages, at least 1 */
record KnownPerson(UUID id, String name, int photos) {}
