package io.facestream.faces.ssd;

/**
 * How {@link SsdDetector} searches.
 *
 * @param smallestFace shorter side in pixels of the smallest face to find, at least {@value #JUST_SEEN}; faces below
 *     half of it are dropped
 * @param threshold least probability, 0 to 1, of a face
 */
public record SsdSettings(int smallestFace, float threshold) {
    /**
     * Shorter side in pixels of the smallest face that the network can find in its square of 512; {@link #SEEN_WELL} is
     * the smallest that it finds reliably.
     */
    static final int JUST_SEEN = 16;

    private static final int SEEN_WELL = 26;

    /**
     * Faces of 40 px and more. face-api's own threshold is 0.5. In 250 pictures with 188 unmasked and 277 masked faces,
     * 0.5 found 91.5 and 72.2 %, with 84 boxes where no face was labelled; 0.45 found 92.6 and 74.0 %, with 98. In 95
     * pictures without faces they gave 1 and 2 boxes.
     */
    public static final SsdSettings DEFAULT = new SsdSettings(40, 0.45f);

    public SsdSettings {
        if (smallestFace < JUST_SEEN) {
            throw new IllegalArgumentException(
                    "the smallest face is " + JUST_SEEN + " px or more, not " + smallestFace);
        }
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("a threshold must be a probability, 0 to 1, not " + threshold);
        }
    }

    public SsdSettings withSmallestFace(int pixels) {
        return new SsdSettings(pixels, threshold);
    }

    /**
     * Boxes with a shorter side below this, in pixels, are dropped. Sizes of boxes vary, but such small ones are rarely
     * faces.
     */
    float smallestBox() {
        return smallestFace / 2f;
    }

    /** Side in pixels of a square in which the smallest face is found reliably. Smaller squares gain nothing. */
    float closest() {
        return (float) smallestFace * SsdNetworks.DETECTION_SIDE / SEEN_WELL;
    }

    /** Side in pixels of the largest square in which the smallest face can be found. */
    float farthest() {
        return (float) smallestFace * SsdNetworks.DETECTION_SIDE / JUST_SEEN;
    }
}
