package io.facestream.identities;

import io.facestream.faces.Quality;
import io.facestream.identities.Identification.Reason;
import java.util.Optional;

/**
 * How good a view of a face must be to be judged by its distances; a worse one is UNKNOWN.
 *
 * @param minFaceSize shorter side of the box, in pixels
 * @param minSharpness variance of the Laplacian of the chip's luma
 * @param minNorm length of the embedding before it was normalised
 */
record QualityBounds(float minFaceSize, float minSharpness, float minNorm) {
    /** What speaks against a face; empty if nothing does. */
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
