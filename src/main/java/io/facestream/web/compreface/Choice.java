package io.facestream.web.compreface;

import io.facestream.web.ProblemException;
import io.facestream.web.identify.Seen;
import io.facestream.web.identify.SeenFace;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Which of a picture's faces are answered, and with what.
 *
 * @param limit most faces, the largest ones; 0 for all
 * @param leastConfidence of the detector, 0 to 1
 * @param predictions most subjects per face
 * @param plugins what is added to each face; {@code landmarks} is known, others are ignored
 */
record Choice(int limit, double leastConfidence, int predictions, Set<String> plugins) {
    private static final int MOST_PREDICTIONS = 1_000;

    Choice {
        if (limit < 0 || predictions < 1 || predictions > MOST_PREDICTIONS) {
            throw new ProblemException(
                    "bad-parameter", "limit is 0 or more, and prediction_count 1 to " + MOST_PREDICTIONS, 400, null);
        }
        if (!(leastConfidence >= 0 && leastConfidence <= 1)) {
            throw new ProblemException("bad-parameter", "det_prob_threshold is 0 to 1", 400, null);
        }
    }

    static Choice of(int limit, double leastConfidence, int predictions, String plugins) {
        return new Choice(limit, leastConfidence, predictions, Set.copyOf(List.of(plugins.split(",", -1))));
    }

    /**
     * The picture with the chosen faces, largest first.
     *
     * @throws ProblemException if there is none
     */
    Seen from(Seen seen) {
        List<SeenFace> faces = seen.faces().stream()
                .filter(face -> face.face().confidence() >= leastConfidence)
                .sorted(Comparator.comparing(
                                (SeenFace face) -> face.face().box().area())
                        .reversed())
                .limit(limit == 0 ? Long.MAX_VALUE : limit)
                .toList();
        if (faces.isEmpty()) {
            throw new ProblemException(ComprefaceError.NO_FACE, "No face is found in the given image", 400, null);
        }
        return seen.with(faces);
    }

    boolean wantsLandmarks() {
        return plugins.contains("landmarks");
    }
}
