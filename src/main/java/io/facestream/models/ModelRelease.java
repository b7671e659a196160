package io.facestream.models;

import io.facestream.messaging.CloudEventRecords;

/**
 * Announces that a version has become active: the JSON of {@code model-releases}. It only signals a change; the
 * registry is authoritative and holds the weights.
 *
 * @param sha256 of the weights, in hexadecimal
 * @param size of the weights in bytes, zipped
 * @param metrics without curves
 */
public record ModelRelease(int schemaVersion, String version, String sha256, long size, ModelMetrics metrics) {
    /** The {@code ce_type} of its records. */
    public static final String TYPE = CloudEventRecords.type("model-release");

    private static final int SCHEMA_VERSION = 1;

    public static ModelRelease of(ModelDetails details) {
        return new ModelRelease(
                SCHEMA_VERSION,
                details.version().version(),
                details.version().sha256(),
                details.bytes(),
                details.metrics().summary());
    }
}
