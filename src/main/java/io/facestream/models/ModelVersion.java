package io.facestream.models;

import java.util.HexFormat;

/**
 * A recognition network in the registry: one version of one architecture, with the data to interpret its embeddings.
 *
 * @param version its name, unique, for example {@code mobilefacenet-1}
 * @param architecture the architecture of the network
 * @param dimensions of its embeddings, 1 to 2,000
 * @param inputSide side of its square input, cut from the middle of the chip, in pixels
 * @param mirrorAveraging whether gallery samples are averaged with their mirror image
 * @param status its place in the life cycle
 * @param threshold largest distance (L2 of unit vectors, 0 to 2) of a match if the version was not calibrated
 * @param separation least distance between the best and the second best identity of an unambiguous match
 * @param calibration the meaning of distances; {@link Calibration#NONE} if not measured
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

    /** The same version at another place in its life cycle. */
    public ModelVersion withStatus(Status other) {
        return new ModelVersion(
                version,
                architecture,
                dimensions,
                inputSide,
                mirrorAveraging,
                other,
                threshold,
                separation,
                calibration,
                sha256);
    }

    /** The life cycle of a version. One version is active; embeddings and templates exist under every live version. */
    public enum Status {
        CANDIDATE,
        ACTIVE,
        STANDBY,
        RETIRED
    }
}
