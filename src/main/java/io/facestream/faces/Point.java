package io.facestream.faces;

/** A position in a picture, in pixels, origin at the top left of the upright picture. */
public record Point(float x, float y) {
    public Point {
        if (!(Float.isFinite(x) && Float.isFinite(y))) {
            throw new IllegalArgumentException("not a point: " + x + "," + y);
        }
    }
}
