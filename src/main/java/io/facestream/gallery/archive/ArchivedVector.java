package io.facestream.gallery.archive;

import io.facestream.models.ModelVersion;

/**
 * A face under a model version.
 *
 * @param norm before normalisation, above 0; null of a negative, whose norm nobody needs
 * @param values unit length
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ArchivedVector(String version, Float norm, float[] values) {
    private static final double TOLERANCE = 1e-3;

    /** Whether it can be one under that version. */
    boolean fits(ModelVersion version) {
        if (values == null || values.length != version.dimensions() || norm != null && !(norm > 0)) {
            return false;
        }
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.abs(squares - 1) < TOLERANCE;
    }
}
