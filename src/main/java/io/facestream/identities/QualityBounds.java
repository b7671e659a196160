package io.facestream.identities;

import io.facestream.faces.Quality;
import io.facestream.identities.Identification.Reason;
import java.util.Optional;

/**
 * The least quality of a face to judge it by its distances. Worse faces are UNKNOWN.
 *
 * @param minFaceSize shorter side of the box, in pixels
 * @param minSharpness variance of the Laplacian of the chip's luma
 * @param minNorm length of the embedding before it was normalised
 */
record QualityBounds(float minFaceSize, float minSharpness, float minNorm) {
    /** The first violated bound; empty if the face is good enough. */
    Optional<Reason> against(Quality quality) {
        if (quality.size() < minFaceSize) {
            return Optional.of(Reason.TOO_SMALL);
        }
        if (quality.sharpness() < minSharpness) {
            return Optional.of(Reason.TOO_BLURRED);
        }
        return quality.norm() < minNorm ? Optional.of(Reason.LOW_NORM) : Optional.empty();
    }
}
