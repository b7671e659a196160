package io.facestream.models;

/**
 * The description of a network beside its weights: {@code facestream.json} in an exported model.
 *
 * @param version its former name; it gets a new one when it is imported
 * @param architecture the architecture of the network
 * @param input the format of its input
 * @param dimensions of its embeddings; null to find out by running it
 * @param mirrorAveraging whether gallery samples are averaged with their mirror image
 * @param threshold largest distance (L2 of unit vectors, 0 to 2) of a match if it is not calibrated
 * @param separation least distance between the best and the second best identity of an unambiguous match
 * @param calibration the meaning of distances; null if not measured
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

    /** The value of the shipped network, which suits other networks of unit vectors. */
    private static final float SEPARATION = 0.05f;

    /**
     * A network's input.
     *
     * @param side width and height in pixels
     * @param crop side of the square cut from the middle of the 160-pixel chip; equal to {@code side}, because networks
     *     scale by themselves
     * @param type of a sample: {@code uint8}
     * @param channels {@code RGB}
     * @param preprocessing {@code in-network}: the graph takes raw pixels and normalises them itself
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

    /** @throws IllegalArgumentException naming the field that is missing or not supported by this build */
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
            throw new IllegalArgumentException(FILE + ": a threshold is required, for use without the calibration");
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
