package io.facestream.faces;

/**
 * How {@link MtcnnDetector} searches.
 *
 * @param smallestFace height in pixels of the smallest face to be found, at least {@value #WINDOW}; the time a picture takes
 *     grows with its inverse square
 * @param proposalThreshold least probability, 0 to 1, with which P-Net's candidates go on to R-Net
 * @param refinementThreshold the same from R-Net to O-Net
 * @param outputThreshold the same for O-Net's, which are the faces
 * @param pyramidFactor by which each picture of the pyramid is smaller than the one before, above 0 and below 1
 */
public record MtcnnSettings(
        int smallestFace,
        float proposalThreshold,
        float refinementThreshold,
        float outputThreshold,
        float pyramidFactor) {
    /** Side in pixels of the face that P-Net looks for. */
    static final int WINDOW = 12;

    /**
     * Faces of 40 px and more. The first two thresholds and the factor, which halves the area, are those of the authors'
     * program. Its third is 0.7; of 250 pictures with 188 bare faces, 0.7 found 96.3 % and put 97 boxes where no face was
     * labelled, 0.85 found 94.7 % and put 69, 0.9 found 94.1 % and put 64. In 95 pictures without faces they saw 5, 1 and 1.
     */
    public static final MtcnnSettings DEFAULT = new MtcnnSettings(40, 0.6f, 0.7f, 0.85f, 0.709f);

    public MtcnnSettings {
        if (smallestFace < WINDOW) {
            throw new IllegalArgumentException("the smallest face is " + WINDOW + " px or more, not " + smallestFace);
        }
        requireProbability(proposalThreshold);
        requireProbability(refinementThreshold);
        requireProbability(outputThreshold);
        if (!(pyramidFactor > 0 && pyramidFactor < 1)) {
            throw new IllegalArgumentException("the pyramid factor is between 0 and 1, not " + pyramidFactor);
        }
    }

    private static void requireProbability(float threshold) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("a threshold is a probability, 0 to 1, not " + threshold);
        }
    }

    public MtcnnSettings withSmallestFace(int pixels) {
        return new MtcnnSettings(pixels, proposalThreshold, refinementThreshold, outputThreshold, pyramidFactor);
    }

    public MtcnnSettings withOutputThreshold(float probability) {
        return new MtcnnSettings(smallestFace, proposalThreshold, refinementThreshold, probability, pyramidFactor);
    }
}
