package io.facestream.video;

/**
 * The size of a frame with square pixels. The shorter side is stretched, so that no pixels are lost.
 *
 * @param ratioRefused whether the frame's pixel ratio is implausible and was ignored
 */
record FrameShape(int width, int height, boolean ratioRefused) {
    /** The widest pixels that recorders write are about 5 to 1 (a sixteenth of D1, shown at 16:9). */
    private static final double WIDEST = 8;

    /** Detection's default limit. Larger pictures are shrunk to it. */
    static final long MAX_PIXELS = 40_000_000;

    /** JPEG's own limit. */
    static final int MAX_SIDE = 65_500;

    /** @param pixelRatio width to height of the frame's pixels; 0 if unknown */
    static FrameShape of(int width, int height, double pixelRatio) {
        boolean none = pixelRatio == 0;
        if (none || !(pixelRatio >= 1 / WIDEST && pixelRatio <= WIDEST)) {
            return bounded(width, height, !none);
        }
        return bounded(width * Math.max(1, pixelRatio), height * Math.max(1, 1 / pixelRatio), false);
    }

    private static FrameShape bounded(double width, double height, boolean ratioRefused) {
        double shrink = Math.min(1, Math.sqrt(MAX_PIXELS / (width * height)));
        shrink = Math.min(shrink, MAX_SIDE / Math.max(width, height));
        return new FrameShape(
                (int) Math.max(1, Math.round(width * shrink)),
                (int) Math.max(1, Math.round(height * shrink)),
                ratioRefused);
    }
}
