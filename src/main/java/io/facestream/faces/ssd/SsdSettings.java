package io.facestream.faces.ssd;

/**
 * How {@link SsdDetector} searches.
 *
 * @param smallestFace shorter side in pixels of the smallest face to be found, at least {@value #JUST_SEEN}; faces of less than
 *     half of it are left out
 * @param threshold least probability, 0 to 1, of a face
 */
public record SsdSettings(int smallestFace, float threshold) {
    /** Shorter side in pixels of the smallest face that the network just sees in its square of 512, and of one it sees well. */
    static final int JUST_SEEN = 16;

    private static final int SEEN_WELL = 26;

    /**
     * Faces of 40 px and more. face-api's own threshold is 0.5; of 250 pictures with 188 bare and 277 masked faces, 0.5 found 91.5
     * and 72.2 % and put 84 boxes where no face was labelled, 0.45 found 92.6 and 74.0 % and put 98. In 95 pictures without faces
     * they saw 1 and 2.
     */
    public static final SsdSettings DEFAULT = new SsdSettings(40, 0.45f);

    public SsdSettings {
        if (smallestFace < JUST_SEEN) {
            throw new IllegalArgumentException(
                    "the smallest face is " + JUST_SEEN + " px or more, not " + smallestFace);
        }
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("a threshold is a probability, 0 to 1, not " + threshold);
        }
    }

    public SsdSettings withSmallestFace(int pixels) {
        return new SsdSettings(pixels, threshold);
    }

    /** Shorter side in pixels below which nothing counts as a face: boxes vary, and what is so small is seldom a face. */
    float smallestBox() {
        return smallestFace / 2f;
    }

    /** Side in pixels of the part of a picture in which the smallest face is seen well: nothing is gained by a smaller one. */
    float closest() {
        return (float) smallestFace * SsdNetworks.DETECTION_SIDE / SEEN_WELL;
    }

    /** Side in pixels of the largest part of a picture in which the smallest face is seen. */
    float farthest() {
        return (float) smallestFace * SsdNetworks.DETECTION_SIDE / JUST_SEEN;
    }
}
