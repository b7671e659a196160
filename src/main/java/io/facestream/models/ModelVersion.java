package io.facestream.models;

import java.util.HexFormat;

/**
 * A recognition network in the registry: one version of one architecture, and what its points need to be read.
 *
 * @param version its name, unique, for example {@code mobilefacenet-1}
 * @param architecture which network it is a version of
 * @param dimensions of its embeddings, 1 to 2,000
 * @param inputSide side of the square of the chip's middle that it sees, in pixels
 * @param mirrorAveraging whether gallery samples are averaged with their mirror image
 * @param status where it is in its life
 * @param threshold largest distance (L2 of unit vectors, 0 to 2) of a match, where the version was not calibrated
 * @param separation least distance between the best and the second best identity of an unambiguous match
 * @param calibration what distances mean; {@link Calibration#NONE} if that was not measured
 * @param sha256 of its weights, 32 bytes in hexadecimal
 */
public record ModelVersion(
        String version,
        String architecture,
        int dimensions,
        int inputSide,
        boolean mirrorAveraging,
        Status status,
        float threshold,
        float separation,
        Calibration calibration,
        String sha256) {

    public ModelVersion {
        if (HexFormat.of().parseHex(sha256).length != 32) {
            throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + sha256);
        }
    }

    /** A version's life: one is active, embeddings and templates exist under every live one. */
    public enum Status {
        CANDIDATE,
        ACTIVE,
        STANDBY,
        RETIRED
    }
}
