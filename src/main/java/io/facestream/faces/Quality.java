package io.facestream.faces;

import java.util.Objects;

/**
 * The quality of a view of a face.
 *
 * @param size shorter side of the box, in pixels of the frame
 * @param sharpness variance of the Laplacian of the chip's luma, 0 to about 10,000: under 50 is blurred, over 300 crisp
 * @param brightness mean luma of the chip's middle, 0 to 255
 * @param pose a rough estimate from the five landmarks
 * @param norm length of the embedding before it was normalised, the best single predictor of error; null before the
 *     face is embedded
 */
public record Quality(float size, float sharpness, float brightness, Pose pose, Float norm) {
    public Quality {
        Objects.requireNonNull(pose, "pose");
    }

    public Quality withNorm(float embeddingNorm) {
        return new Quality(size, sharpness, brightness, pose, embeddingNorm);
    }
}
