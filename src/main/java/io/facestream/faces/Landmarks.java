package io.facestream.faces;

/**
 * The five points that MTCNN finds and ArcFace aligns by, in pixels of the upright picture. Left and right are the
 * subject's own: in a frontal face the left eye is the one further right in the picture.
 */
public record Landmarks(Point leftEye, Point rightEye, Point nose, Point leftMouth, Point rightMouth) {}
