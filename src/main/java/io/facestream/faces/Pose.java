package io.facestream.faces;

/**
 * The pose of a head in degrees, estimated from five landmarks. Good enough to distinguish frontal faces from profiles;
 * not a measurement.
 *
 * @param yaw positive where the subject looks to their own left
 * @param pitch positive where the subject looks up
 * @param roll positive where the head leans clockwise in the picture
 */
public record Pose(float yaw, float pitch, float roll) {
    /** Distance of the nose tip from the plane of the eyes, in distances between the eyes; anthropometric mean. */
    private static final double NOSE_PROTRUSION = 0.6;

    /**
     * Position of the nose tip between the line of the eyes (0) and that of the mouth (1) in ArcFace's frontal
     * template.
     */
    private static final double FRONTAL_NOSE = 0.495;

    /** From eyes to mouth in ArcFace's template, in distances between the eyes. */
    private static final double EYES_TO_MOUTH = 1.155;

    /** Estimates the pose by a weak-perspective projection of the eyes, the nose tip and the corners of the mouth. */
    static Pose of(Landmarks landmarks) {
        // Picture x grows towards the subject's left.
        double eyesX = landmarks.leftEye().x() - landmarks.rightEye().x();
        double eyesY = landmarks.leftEye().y() - landmarks.rightEye().y();
        double eyeDistance = Math.max(Math.hypot(eyesX, eyesY), 1e-3);
        double roll = Math.atan2(eyesY, eyesX);
        double[] nose = upright(landmarks, landmarks.nose(), roll, eyeDistance);
        double[] leftMouth = upright(landmarks, landmarks.leftMouth(), roll, eyeDistance);
        double[] rightMouth = upright(landmarks, landmarks.rightMouth(), roll, eyeDistance);
        double mouth = Math.max((leftMouth[1] + rightMouth[1]) / 2, 1e-3);
        double yaw = Math.atan(nose[0] / NOSE_PROTRUSION);
        double pitch = Math.atan((FRONTAL_NOSE - nose[1] / mouth) * EYES_TO_MOUTH / NOSE_PROTRUSION);
        return new Pose(degrees(yaw), degrees(pitch), degrees(roll));
    }

    /** A point relative to the middle of the eyes, the roll undone, in distances between the eyes. */
    private static double[] upright(Landmarks landmarks, Point point, double roll, double eyeDistance) {
        double x = point.x() - (landmarks.leftEye().x() + landmarks.rightEye().x()) / 2;
        double y = point.y() - (landmarks.leftEye().y() + landmarks.rightEye().y()) / 2;
        return new double[] {
            (x * Math.cos(roll) + y * Math.sin(roll)) / eyeDistance,
            (y * Math.cos(roll) - x * Math.sin(roll)) / eyeDistance
        };
    }

    private static float degrees(double radians) {
        return (float) Math.toDegrees(radians);
    }
}
