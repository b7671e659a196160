package io.facestream.sightings.tracking;

import io.facestream.identities.Identification.Decision;
import io.facestream.sightings.vote.Poll;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * Puts the faces of a frame on the tracks of a camera, all at once. A pair costs the cosine distance of its looks, and
 * less if it lies where the track is expected. How different a pair may look depends on the place too: between two
 * frames, where the track is expected, more than across the picture or after a while out of sight. A face that
 * is surely a person's whom the track's faces hardly voted for has to look the same wherever it is: two people pass
 * each other.
 *
 * <p>The constants were found on one scene of {@code SceneRun} and measured on others: see docs/performance.md.
 */
public final class Association {
    /** Of a face that continues no track. */
    public static final int NONE = Assignment.NONE;

    /** Distance in units of the box beyond which a place says nothing; Frigate's gate is as wide. */
    private static final double GATE = 2.5;

    /** Up to this cosine distance two looks are the same person's, wherever the face is. */
    private static final double SAME = 0.4;

    /** From this cosine distance on they are different people's, however near the face is. */
    private static final double DIFFERENT = 0.92;

    /** After so many seconds out of sight a place says a third as much: somebody else may have come. */
    private static final double FADE = 0.4;

    /** The longest time between two frames of a face that was not out of sight, at 4 frames/s. */
    private static final double BETWEEN_FRAMES = 0.25;

    /** What a pair saves that lies where it is expected. */
    private static final double PLACE = 0.25;

    /** A face's size changes little between frames; a false face elsewhere has any size. */
    private static final double MOST_GROWTH = 2.5;

    /** The look of a track that no version saw together with the face: the place decides, unless both are known. */
    private static final double UNSEEN = 0.6;

    private static final double ALONE = DIFFERENT;

    private Association() {}

    /** A track, and the votes of its faces. */
    public record Candidate(Track track, Poll votes) {}

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
        double place = motion.distance(face.box(), millis) / GATE;
        OptionalDouble seen = candidate.track.appearance().distance(face.modelVersion(), face.vector());
        double look = seen.orElseGet(() -> byIdentity(face, candidate.votes));
        boolean near = place <= 1 && motion.growth(face.box()) <= MOST_GROWTH;
        double closeness = near ? Math.sqrt(1 - place) * Math.exp(-Math.max(0, unseen - BETWEEN_FRAMES) / FADE) : 0;
        boolean isOther = seen.isPresent() && candidate.votes.contradicts(face.verdict());
        double limit = isOther ? SAME : SAME + (DIFFERENT - SAME) * closeness;
        return look < limit ? look - PLACE * closeness : Double.POSITIVE_INFINITY;
    }

    private static double byIdentity(SeenFace face, Poll votes) {
        Optional<UUID> leader = votes.leader();
        boolean known = face.verdict().decision() == Decision.KNOWN;
        if (!known || leader.isEmpty()) {
            return UNSEEN;
        }
        return leader.get().equals(face.verdict().nearest()) ? 0 : DIFFERENT;
    }
}
