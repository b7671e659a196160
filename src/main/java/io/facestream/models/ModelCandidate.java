package io.facestream.models;

import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A network to be added as a model version.
 *
 * @param architecture the architecture of the network; the version's name is this and a number
 * @param inputSide side of its square input, cut from the middle of the chip, 16 to 160 pixels
 * @param mirrorAveraging whether gallery samples are averaged with their mirror image
 * @param threshold largest distance (L2 of unit vectors, 0 to 2) of a match if it is not calibrated
 * @param separation least distance between the best and the second best identity of an unambiguous match
 * @param calibration the meaning of distances; {@link Calibration#NONE} if not measured
 * @param metrics its training and comparisons
 * @param parent the version it was trained from; null if it was not trained here
 * @param trainingCommand the command that trained it, or null. A command has one version, so publishing again returns
 *     that one
 * @param savedModel zipped, in the format of {@code Network.load}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ModelCandidate(
        String architecture,
        int inputSide,
        boolean mirrorAveraging,
        float threshold,
        float separation,
        Calibration calibration,
        ModelMetrics metrics,
        String parent,
        UUID trainingCommand,
        byte[] savedModel) {
    /** Leaves room for the number in a version's name. */
    private static final Pattern ARCHITECTURE = Pattern.compile("[a-z0-9][a-z0-9.-]{0,49}");

    private static final int LEAST_SIDE = 16;
    private static final int CHIP_SIDE = 160;

    public ModelCandidate {
        if (architecture == null || !ARCHITECTURE.matcher(architecture).matches()) {
            throw new IllegalArgumentException(
                    "an architecture's name must be 1 to 50 of a-z 0-9 . - and begin with a letter or digit, not "
                            + architecture);
        }
        if (inputSide < LEAST_SIDE || inputSide > CHIP_SIDE) {
            throw new IllegalArgumentException("a network's input is " + LEAST_SIDE + " to " + CHIP_SIDE
                    + " pixels of the chip wide and high, not " + inputSide);
        }
        if (!(threshold > 0 && threshold <= 2 && separation >= 0 && separation <= 2)) {
            throw new IllegalArgumentException(
                    "threshold and separation must be distances, 0 to 2, not " + threshold + " and " + separation);
        }
        Objects.requireNonNull(calibration, "calibration");
        Objects.requireNonNull(metrics, "metrics");
        Objects.requireNonNull(savedModel, "savedModel");
    }
}
