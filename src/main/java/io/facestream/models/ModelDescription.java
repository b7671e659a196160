package io.facestream.models;

/**
 * What has to be known of a network beside its weights: {@code facestream.json} in an exported model.
 *
 * @param version name that it had; it gets another when it is imported
 * @param architecture which network it is a version of
 * @param input what it takes
 * @param dimensions of its embeddings; null where that is left to a trial
 * @param mirrorAveraging whether gallery samples are averaged with their mirror image
 * @param threshold largest distance (L2 of unit vectors, 0 to 2) of a match, where it is not calibrated
 * @param separation least distance between the best and the second best identity of an unambiguous match
 * @param calibration what distances mean; null if that was not measured
 */
public record ModelDescription(
        int schemaVersion,
        String version,
        String architecture,
        Input input,
        Integer dimensions,
        boolean mirrorAveraging,
        Float threshold,
        Float separation,
        Calibration calibration) {
    /** The name of its file. */
    static final String FILE = "facestream.json";

    private static final int SCHEMA_VERSION = 1;

    /** What the shipped network has, and a network of unit vectors can do with. */
    private static final float SEPARATION = 0.05f;

    /**
     * A network's input.
     *
     * @param side width and height in pixels
     * @param crop side of the square of the 160-pixel chip's middle that it shows; the same, for networks scale by themselves
     * @param type of a sample: {@code uint8}
     * @param channels {@code RGB}
     * @param preprocessing {@code in-network}: the graph takes pixels as they are, and normalises them itself
     */
    public record Input(int side, int crop, String type, String channels, String preprocessing) {
        private static Input of(int side) {
            return new Input(side, side, "uint8", "RGB", "in-network");
        }
    }

    static ModelDescription of(ModelVersion version) {
        return new ModelDescription(
                SCHEMA_VERSION,
                version.version(),
                version.architecture(),
                Input.of(version.inputSide()),
                version.dimensions(),
                version.mirrorAveraging(),
                version.threshold(),
                version.separation(),
                version.calibration());
    }

    /** @throws IllegalArgumentException saying which of its fields this build cannot serve, or misses */
    ModelCandidate candidate(byte[] savedModel) {
        if (schemaVersion != SCHEMA_VERSION) {
            throw new IllegalArgumentException(
                    FILE + ": schemaVersion is " + schemaVersion + ", and this build reads " + SCHEMA_VERSION);
        }
        if (input == null || !input.equals(Input.of(input.side))) {
            throw new IllegalArgumentException(FILE + ": input is " + input + ", but only a side equal to the crop,"
                    + " uint8, RGB and in-network can be served: scale and normalise inside the network");
        }
        if (threshold == null) {
            throw new IllegalArgumentException(
                    FILE + ": there must be a threshold, for where the calibration is not used");
        }
        return new ModelCandidate(
                architecture,
                input.side,
                mirrorAveraging,
                threshold,
                separation == null ? SEPARATION : separation,
                calibration == null ? Calibration.NONE : calibration,
                ModelMetrics.NONE,
                null,
                null,
                savedModel);
    }
}
