package io.facestream.models;

/** Model versions without weights. */
public final class TestVersions {
    private TestVersions() {}

    /** A small mobilefacenet that was never calibrated. */
    public static ModelVersion version(String name, ModelVersion.Status status) {
        return new ModelVersion(
                name, "mobilefacenet", 4, 112, false, status, 1, 0.1f, Calibration.NONE, "00".repeat(32));
    }
}
