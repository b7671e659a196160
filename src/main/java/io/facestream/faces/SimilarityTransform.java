package io.facestream.faces;

import java.util.List;

/**
 * Scaling, rotation and translation of the plane: x' = a x - b y + tx, y' = b x + a y + ty.
 * The scale is the length of (a, b).
 */
record SimilarityTransform(double a, double b, double tx, double ty) {
    /**
     * The least-squares transform from {@code from} to {@code to}: Umeyama, "Least-squares estimation of transformation
     * parameters between two point patterns", PAMI 1991. In the plane it needs no singular value decomposition.
     *
     * @throws IllegalArgumentException if the points of {@code from} all coincide
     */
    static SimilarityTransform between(List<Point> from, List<Point> to) {
        int n = from.size();
        double fromX = 0;
        double fromY = 0;
        double toX = 0;
        double toY = 0;
        for (int i = 0; i < n; i++) {
            fromX += from.get(i).x() / n;
            fromY += from.get(i).y() / n;
            toX += to.get(i).x() / n;
            toY += to.get(i).y() / n;
        }
        double dot = 0;
        double cross = 0;
        double variance = 0;
        for (int i = 0; i < n; i++) {
            double x = from.get(i).x() - fromX;
            double y = from.get(i).y() - fromY;
            double u = to.get(i).x() - toX;
            double v = to.get(i).y() - toY;
            dot += x * u + y * v;
            cross += x * v - y * u;
            variance += x * x + y * y;
        }
        if (!(variance > 0)) {
            throw new IllegalArgumentException("cannot compute a similarity transform of coinciding points: " + from);
        }
        double a = dot / variance;
        double b = cross / variance;
        return new SimilarityTransform(a, b, toX - a * fromX + b * fromY, toY - b * fromX - a * fromY);
    }

    double scale() {
        return Math.hypot(a, b);
    }

    SimilarityTransform inverse() {
        double squaredScale = a * a + b * b;
        return new SimilarityTransform(
                a / squaredScale,
                -b / squaredScale,
                -(a * tx + b * ty) / squaredScale,
                (b * tx - a * ty) / squaredScale);
    }

    /** This transform applied after a scaling and a translation. */
    SimilarityTransform after(double scale, double x, double y) {
        return new SimilarityTransform(a * scale, b * scale, a * x - b * y + tx, b * x + a * y + ty);
    }

    /** Two rows of three, in OpenCV's order. */
    double[] matrix() {
        return new double[] {a, -b, tx, b, a, ty};
    }

    Point apply(Point point) {
        return new Point((float) (a * point.x() - b * point.y() + tx), (float) (b * point.x() + a * point.y() + ty));
    }
}
