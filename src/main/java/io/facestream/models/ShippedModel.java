package io.facestream.models;

import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The recognition network in the build: MobileFaceNet (Chen et al. 2018), 192 dimensions. It becomes the first version
 * of an empty registry.
 */
public final class ShippedModel {
    private static final String WEIGHTS = "/models/mobilefacenet.zip";

    /** Written by {@code evaluate calibration}. */
    private static final String CALIBRATION = "/models/mobilefacenet-calibration.json";

    /**
     * For use without the calibration: the distance at which 0.5 % of strangers are given the name of one of 128
     * people.
     */
    private static final float THRESHOLD = 0.933f;

    /** A larger separation misses more people and gains nothing. */
    private static final float SEPARATION = 0.05f;

    private ShippedModel() {}

    /** The zipped SavedModel. */
    public static byte[] weights() {
        return resource(WEIGHTS);
    }

    private static Calibration calibration() {
        try {
            return Json.read(resource(CALIBRATION), Calibration.class);
        } catch (RejectedException e) {
            throw new IllegalStateException("the build's " + CALIBRATION + " is broken: " + e.getMessage(), e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream resource = ShippedModel.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("the build lacks " + name);
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ModelVersion version(byte[] weights) {
        return new ModelVersion(
                "mobilefacenet-1",
                "mobilefacenet",
                192,
                112,
                true,
                ModelVersion.Status.ACTIVE,
                THRESHOLD,
                SEPARATION,
                calibration(),
                Sha256.hex(weights));
    }
}
