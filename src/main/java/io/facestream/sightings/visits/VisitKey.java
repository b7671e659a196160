package io.facestream.sightings.visits;

/**
 * Names a visit within its camera: the place of its first face.
 *
 * @param offset of the frame on {@code camera-frames}
 * @param index of the face in that frame
 */
public record VisitKey(long offset, int index) {}
