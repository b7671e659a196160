package io.facestream.faces.mtcnn;

/**
 * How {@link MtcnnDetector} searches.
 *
 * @param smallestFace height in pixels of the smallest face to find, at least {@value #WINDOW}; the time per picture
 *     grows with its inverse square
 * @param proposalThreshold least probability, 0 to 1, of P-Net's candidates for R-Net
 * @param refinementThreshold the same for R-Net's candidates for O-Net
 * @param glanceThreshold the same for O-Net's candidates for its second look
 * @param outputThreshold least combined probability of O-Net's three looks
 * @param pyramidFactor ratio between successive pictures of the pyramid, above 0 and below 1
 */
public record MtcnnSettings(
        int smallestFace,
        float proposalThreshold,
        float refinementThreshold,
        float glanceThreshold,
        float outputThreshold,
        float pyramidFactor) {
    /** Side in pixels of the face that P-Net looks for. */
    static final int WINDOW = 12;

    /**
     * Faces of 40 px and more. The factor, which halves the area, is that of the authors' program, whose thresholds are
     * 0.6, 0.7 and 0.7 for one look. Lower intermediate thresholds keep faces with masks, and the additional looks
     * remove false positives. In 250 pictures this found 96.3 % of the unmasked faces of 40 px and more and 80.9 % of
     * the masked ones, with 113 boxes where no face was labelled, and 2 in 95 pictures without faces. One look at 0.85
     * found 94.7 and 74.4 %, with 69 boxes and 1.
     */
    public static final MtcnnSettings DEFAULT = new MtcnnSettings(40, 0.5f, 0.4f, 0.3f, 0.73f, 0.709f);

    public MtcnnSettings {
        if (smallestFace < WINDOW) {
            throw new IllegalArgumentException("the smallest face is " + WINDOW + " px or more, not " + smallestFace);
        }
        requireProbability(proposalThreshold);
        requireProbability(refinementThreshold);
        requireProbability(glanceThreshold);
        requireProbability(outputThreshold);
        if (!(pyramidFactor > 0 && pyramidFactor < 1)) {
            throw new IllegalArgumentException("the pyramid factor must be between 0 and 1, not " + pyramidFactor);
        }
    }

    private static void requireProbability(float threshold) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("a threshold must be a probability, 0 to 1, not " + threshold);
        }
    }

    public MtcnnSettings withSmallestFace(int pixels) {
        return new MtcnnSettings(
                pixels, proposalThreshold, refinementThreshold, glanceThreshold, outputThreshold, pyramidFactor);
    }

    public MtcnnSettings withOutputThreshold(float probability) {
        return new MtcnnSettings(
                smallestFace, proposalThreshold, refinementThreshold, glanceThreshold, probability, pyramidFactor);
    }
}
