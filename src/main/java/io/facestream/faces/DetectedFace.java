package io.facestream.faces;

/**
 * One face found in a picture.
 *
 * @param box clipped to the picture
 * @param landmarks five points, which may lie outside the box
 * @param confidence of the detector, 0 to 1
 */
public record DetectedFace(Box box, Landmarks landmarks, float confidence) {
    public DetectedFace {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("confidence must be 0 to 1, not " + confidence);
        }
    }
}
