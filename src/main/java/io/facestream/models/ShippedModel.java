package io.facestream.models;

import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The recognition networks in the build. MobileFaceNet (Chen et al. 2018), 192 dimensions, becomes the first version of
 * an empty registry. The pair of it and another becomes a version when somebody asks for it.
 */
public final class ShippedModel {
    /** The architecture of the pair, by which it is asked for. */
    public static final String PAIR = "mobilefacenet-pair";

    private static final String FIRST = "mobilefacenet";

    private static final int SIDE = 112;

    /**
     * For use without the calibration: the distance at which 0.5 % of strangers are given the name of one of 128
     * people.
     */
    private static final float THRESHOLD = 0.933f;

    /** The same for the pair. */
    private static final float PAIR_THRESHOLD = 1.001f;

    /** A larger separation misses more people and gains nothing. */
    private static final float SEPARATION = 0.05f;

    private ShippedModel() {}

    /** The zipped SavedModel. */
    public static byte[] weights() {
        return resource(weightsOf(FIRST));
    }

    /** The zipped SavedModel of the pair. */
    public static byte[] pairWeights() {
        return resource(weightsOf(PAIR));
    }

    private static String weightsOf(String network) {
        return "/models/" + network + ".zip";
    }

    /** As {@code evaluate calibration} writes it. */
    private static Calibration calibrationOf(String network) {
        String file = "/models/" + network + "-calibration.json";
        try {
            return Json.read(resource(file), Calibration.class);
        } catch (RejectedException e) {
            throw new IllegalStateException("the build's " + file + " is broken: " + e.getMessage(), e);
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
                FIRST,
                192,
                SIDE,
                true,
                ModelVersion.Status.ACTIVE,
                THRESHOLD,
                SEPARATION,
                calibrationOf(FIRST),
                Sha256.hex(weights));
    }

    /** The pair as a version of no registry. */
    public static ModelVersion pairVersion(byte[] weights) {
        return new ModelVersion(
                PAIR,
                PAIR,
                192 + 512,
                SIDE,
                true,
                ModelVersion.Status.CANDIDATE,
                PAIR_THRESHOLD,
                SEPARATION,
                calibrationOf(PAIR),
                Sha256.hex(weights));
    }

    /** The pair, to be added to a registry. */
    public static ModelCandidate pair() {
        return new ModelCandidate(
                PAIR,
                SIDE,
                true,
                PAIR_THRESHOLD,
                SEPARATION,
                calibrationOf(PAIR),
                ModelMetrics.NONE,
                null,
                null,
                pairWeights());
    }
}
