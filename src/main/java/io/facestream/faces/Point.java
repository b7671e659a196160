package io.facestream.faces;

/** A position in a picture, in pixels, origin at the top left of the upright picture. */
public record Point(float x, float y) {}
