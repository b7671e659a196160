package io.facestream.faces;

/** An axis-parallel rectangle in pixels of the upright picture: its top left corner, width and height. */
public record Box(float x, float y, float width, float height) {
    public Box {
        if (!(width > 0 && height > 0 && Float.isFinite(x) && Float.isFinite(y))) {
            throw new IllegalArgumentException("not a box: " + x + "," + y + " " + width + "x" + height);
        }
    }

    public float area() {
        return width * height;
    }

    /** The part of this box inside a picture of that size; the box must overlap the picture. */
    public Box clippedTo(int pictureWidth, int pictureHeight) {
        float left = Math.max(0, x);
        float top = Math.max(0, y);
        float right = Math.min(pictureWidth, x + width);
        float bottom = Math.min(pictureHeight, y + height);
        return new Box(left, top, right - left, bottom - top);
    }

    /** The square of the longer side around the same centre, on whole pixels. */
    public Box squareAround() {
        int side = Math.round(Math.max(width, height));
        return new Box(Math.round(x + (width - side) / 2), Math.round(y + (height - side) / 2), side, side);
    }

    /** Intersection over union with another box, 0 to 1. */
    public float intersectionOverUnion(Box other) {
        float overlapWidth = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
        float overlapHeight = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
        if (overlapWidth <= 0 || overlapHeight <= 0) {
            return 0;
        }
        float intersection = overlapWidth * overlapHeight;
        return intersection / (area() + other.area() - intersection);
    }
}
