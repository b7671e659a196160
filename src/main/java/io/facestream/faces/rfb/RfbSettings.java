package io.facestream.faces.rfb;

/**
 * How {@link RfbDetector} searches.
 *
 * @param smallestFace shorter side in pixels of the smallest face to find, at least {@value #LEAST_FACE}; the time per
 *     picture grows with its inverse square
 * @param proposalThreshold least score, 0 to 1, of what is judged
 * @param confidence least combined probability, 0 to 1, of the four looks at a face
 */
public record RfbSettings(int smallestFace, float proposalThreshold, float confidence) {
    /** The smallest face that can be asked for. */
    static final int LEAST_FACE = 12;

    /** Side in pixels that the smallest face has in the network's input. */
    private static final float SMALLEST_SEEN = 16;

    /**
     * Faces of 40 px and more. In 250 pictures this found 96.8 % of the unmasked faces of 40 px and more and 84.8 % of
     * the masked ones, with 95 boxes where no face was labelled, and 2 in 95 pictures without faces. Proposals from a
     * score of 0.3 did as well there with 77 boxes, but lost faces in the same pictures made dark, grey or turned by 15
     * degrees. A confidence of 0.5 found 6 more masked faces of 72 in the turned ones, and a third face where there was
     * none.
     */
    public static final RfbSettings DEFAULT = new RfbSettings(40, 0.15f, 0.552f);

    public RfbSettings {
        if (smallestFace < LEAST_FACE) {
            throw new IllegalArgumentException(
                    "the smallest face is " + LEAST_FACE + " px or more, not " + smallestFace);
        }
        requireProbability(proposalThreshold);
        requireProbability(confidence);
    }

    private static void requireProbability(float threshold) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("a threshold must be a probability, 0 to 1, not " + threshold);
        }
    }

    public RfbSettings withSmallestFace(int pixels) {
        return new RfbSettings(pixels, proposalThreshold, confidence);
    }

    public RfbSettings withProposalThreshold(float score) {
        return new RfbSettings(smallestFace, score, confidence);
    }

    public RfbSettings withConfidence(float probability) {
        return new RfbSettings(smallestFace, proposalThreshold, probability);
    }

    /** Pixels of the network's input per pixel of the picture. */
    float scale() {
        return SMALLEST_SEEN / smallestFace;
    }

    /** Boxes with a shorter side below this, in pixels, are dropped: sizes of boxes vary by about that much. */
    float smallestBox() {
        return 0.6f * smallestFace;
    }
}
