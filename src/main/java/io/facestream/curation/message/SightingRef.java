package io.facestream.curation.message;

/**
 * A visit, as messages of {@code sightings} and the view {@code sighting_log} name it.
 *
 * @param source a URI reference
 * @param sightingId unique per source
 */
public record SightingRef(String source, String sightingId) {
    /** @throws IllegalArgumentException if something is missing or too long */
    public SightingRef {
        FaceRef.requireText("sighting.source", source);
        FaceRef.requireText("sighting.sightingId", sightingId);
    }
}
