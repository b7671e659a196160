package io.facestream.sightings.tracking;

import io.facestream.identities.Identification.Decision;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * Puts the faces of a frame on the tracks of a camera, all at once. A pair costs the cosine distance of its looks, and
 * a little for its distance in the picture. The place alone never makes a pair that looks different, and only faces that
 * look the same are put together across the picture.
 */
public final class Association {
    /** Of a face that continues no track. */
    public static final int NONE = Assignment.NONE;

    /** Distance in units of the box within which a face may be the track's; Frigate has the same. */
    private static final double GATE = 2.5;

    /** How much the gate widens while a track is out of sight, in units of the box a second. */
    private static final double GATE_GROWTH = 4;

    private static final double WIDEST_GATE = 8;

    /** Up to this cosine distance two looks are the same person's, wherever the face is. */
    private static final double SAME = 0.55;

    /** From this cosine distance on they are different people's, however near the face is. */
    private static final double DIFFERENT = 0.92;

    /** Nearer than this, in units of the box, and about as large, it is hardly anybody else. */
    private static final double TOUCHING = 0.5;

    /** What the edge of the gate costs. */
    private static final double PLACE = 0.25;

    /** A face's size changes little between frames; a false face elsewhere has any size. */
    private static final double MOST_GROWTH = 2.5;

    /** Where no version saw both: the place decides, unless both are known to be somebody. */
    private static final double UNSEEN = 0.6;

    private static final double ALONE = DIFFERENT + PLACE;

    private Association() {}

    /** A track, and whom its faces elected or lead to; null if nobody. */
    public record Candidate(Track track, UUID identity) {}

    /**
     * @param millis time of the frame, on the scale of the tracks' times
     * @return for each face the position of its track in the list, or {@link #NONE}
     */
    public static int[] of(List<SeenFace> faces, List<Candidate> tracks, long millis) {
        if (tracks.isEmpty()) {
            int[] none = new int[faces.size()];
            Arrays.fill(none, NONE);
            return none;
        }
        double[][] costs = new double[faces.size()][tracks.size()];
        for (int i = 0; i < faces.size(); i++) {
            for (int j = 0; j < tracks.size(); j++) {
                costs[i][j] = cost(faces.get(i), tracks.get(j), millis);
            }
        }
        return Assignment.of(costs, ALONE);
    }

    static double cost(SeenFace face, Candidate candidate, long millis) {
        Motion motion = candidate.track.motion();
        double unseen = Math.max(0, millis - motion.millis()) / 1e3;
        double gate = Math.min(WIDEST_GATE, GATE + GATE_GROWTH * Math.max(0, unseen - 0.2));
        double place = motion.distance(face.box(), millis);
        OptionalDouble seen = candidate.track.appearance().distance(face.modelVersion(), face.vector());
        double look = seen.orElseGet(() -> byIdentity(face, candidate.identity));
        boolean near = place <= gate && motion.growth(face.box()) <= MOST_GROWTH;
        boolean touching = place <= TOUCHING && unseen < 1 && motion.growth(face.box()) <= 1.5;
        boolean fits = near && look < DIFFERENT || look < SAME || touching && look < 1.05;
        return fits ? Math.min(look, DIFFERENT) + PLACE * Math.min(1, place / gate) : Double.POSITIVE_INFINITY;
    }

    private static double byIdentity(SeenFace face, UUID identity) {
        boolean known = face.verdict().decision() == Decision.KNOWN;
        if (!known || identity == null) {
            return UNSEEN;
        }
        return identity.equals(face.verdict().nearest()) ? 0 : DIFFERENT;
    }
}
