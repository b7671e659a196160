package io.facestream.sightings.tracking;

import io.facestream.faces.Box;
import io.facestream.faces.Quality;
import io.facestream.identities.IdentityEvent;
import io.facestream.sightings.vote.Verdict;
import java.util.Objects;

/**
 * One face of one frame, with its vector and what matching decided.
 *
 * @param eventId of its identity event
 * @param index of the face in its frame, from 0
 * @param box in pixels of the upright frame
 * @param modelVersion vectors of different versions are never compared
 * @param vector of unit length
 * @param pointers the places of frame, chip and embedding
 */
public record SeenFace(
        String eventId,
        int index,
        Box box,
        Quality quality,
        Verdict verdict,
        String modelVersion,
        float[] vector,
        IdentityEvent.Pointers pointers) {
    public SeenFace {
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(box, "box");
        Objects.requireNonNull(quality, "quality");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(modelVersion, "modelVersion");
        Objects.requireNonNull(vector, "vector");
        Objects.requireNonNull(pointers, "pointers");
    }
}
