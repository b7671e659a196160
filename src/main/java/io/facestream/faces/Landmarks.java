package io.facestream.faces;

import java.util.Objects;

/**
 * The five points that MTCNN finds and ArcFace's alignment uses, in pixels of the upright picture. Left and right are
 * the subject's own: in a frontal face the left eye is the one further right in the picture.
 */
public record Landmarks(Point leftEye, Point rightEye, Point nose, Point leftMouth, Point rightMouth) {
    public Landmarks {
        Objects.requireNonNull(leftEye, "leftEye");
        Objects.requireNonNull(rightEye, "rightEye");
        Objects.requireNonNull(nose, "nose");
        Objects.requireNonNull(leftMouth, "leftMouth");
        Objects.requireNonNull(rightMouth, "rightMouth");
    }
}
