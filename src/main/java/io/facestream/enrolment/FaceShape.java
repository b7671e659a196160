package io.facestream.enrolment;

import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import java.util.stream.Stream;

/**
 * The position and proportions of a face in its photo.
 *
 * @param margin distance of the photo's edge from the nearest landmark, in distances from the eyes to the mouth;
 *     negative if the landmark is outside
 * @param proportion its width by its height, relative to the median of LFW. Combines MTCNN's box and the landmarks,
 *     corrected for the turn of the head, each weighted by how little it varies on LFW (5 and 12 %). NaN if the photo's
 *     edge cuts the box
 */
record FaceShape(double margin, double proportion) {
    /** Median width by height of MTCNN's boxes. */
    private static final double MEDIAN_BOX = 0.7405;

    /**
     * Median breadth of the landmarks: the mean of the distances of the eyes and of the mouth corners, in distances
     * from the eyes to the mouth.
     */
    private static final double MEDIAN_BREADTH = 0.884;

    private static final double BOX_WEIGHT = 0.844;

    /** Distance of the nose tip from the plane of the eyes, in distances between the eyes; anthropometric mean. */
    private static final double NOSE_PROTRUSION = 0.6;

    /** Limits the correction, because five points cannot measure the turn of a profile. */
    private static final double LEAST_COSINE = 0.5;

    /** @throws IllegalArgumentException if the photo has no size */
    static FaceShape of(DetectedFace face, int photoWidth, int photoHeight) {
        if (photoWidth < 1 || photoHeight < 1) {
            throw new IllegalArgumentException("a photo is at least 1x1 pixels, not " + photoWidth + "x" + photoHeight);
        }
        Landmarks landmarks = face.landmarks();
        Point eyes = middle(landmarks.leftEye(), landmarks.rightEye());
        Point mouth = middle(landmarks.leftMouth(), landmarks.rightMouth());
        double height = Math.max(distance(eyes, mouth), 1e-3);
        double between = Math.max(distance(landmarks.leftEye(), landmarks.rightEye()), 1e-3);
        double breadth = (between + distance(landmarks.leftMouth(), landmarks.rightMouth())) / 2;
        double margin = Stream.of(
                        landmarks.leftEye(),
                        landmarks.rightEye(),
                        landmarks.nose(),
                        landmarks.leftMouth(),
                        landmarks.rightMouth())
                .mapToDouble(point -> margin(point, photoWidth, photoHeight))
                .min()
                .orElseThrow();
        return new FaceShape(
                margin / Math.max(height, between),
                proportion(
                        face.box(),
                        breadth / height / Math.max(LEAST_COSINE, Math.cos(yaw(landmarks, eyes, between))),
                        photoWidth,
                        photoHeight));
    }

    private static double proportion(Box box, double breadth, int photoWidth, int photoHeight) {
        boolean cut = box.x() <= 0
                || box.y() <= 0
                || box.x() + box.width() >= photoWidth
                || box.y() + box.height() >= photoHeight;
        return cut
                ? Double.NaN
                : Math.pow(box.width() / box.height() / MEDIAN_BOX, BOX_WEIGHT)
                        * Math.pow(breadth / MEDIAN_BREADTH, 1 - BOX_WEIGHT);
    }

    /** The yaw by the nose's position along the line of the eyes, which squeezing a photo does not change. */
    private static double yaw(Landmarks landmarks, Point eyes, double between) {
        double x = (landmarks.leftEye().x() - landmarks.rightEye().x()) / between;
        double y = (landmarks.leftEye().y() - landmarks.rightEye().y()) / between;
        double across =
                (landmarks.nose().x() - eyes.x()) * x + (landmarks.nose().y() - eyes.y()) * y;
        return Math.atan(across / between / NOSE_PROTRUSION);
    }

    private static double margin(Point point, int width, int height) {
        return Math.min(Math.min(point.x(), width - point.x()), Math.min(point.y(), height - point.y()));
    }

    private static Point middle(Point first, Point second) {
        return new Point((first.x() + second.x()) / 2, (first.y() + second.y()) / 2);
    }

    private static double distance(Point first, Point second) {
        return Math.hypot(first.x() - second.x(), first.y() - second.y());
    }
}
