package io.facestream.detection;

import io.facestream.faces.Box;
import io.facestream.faces.liveness.LivenessNetwork;
import io.facestream.faces.liveness.LivenessScorer;
import io.facestream.frames.Picture;
import io.facestream.messaging.RateLimit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Scores how live the near faces of a frame look. It is advice: where scoring fails, the faces go on without it, for
 * otherwise the frame would be rejected for what no decision rests on. Serves one thread.
 */
final class FaceLiveness implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FaceLiveness.class);

    /** A network that fails may do so on every frame. */
    private static final RateLimit WARNINGS = new RateLimit(Duration.ofMinutes(1));

    private final LivenessScorer scorer;
    private final int leastWidth;
    private final Counter failures;

    /**
     * Takes over the scorer.
     *
     * @param leastWidth of a face's box, in pixels
     */
    FaceLiveness(LivenessScorer scorer, int leastWidth, MeterRegistry metrics) {
        this.scorer = scorer;
        this.leastWidth = leastWidth;
        this.failures = Counter.builder("facestream.liveness.failures")
                .description("Frames whose near faces could not be scored for liveness")
                .register(metrics);
    }

    /**
     * The scores of faces, 0 to 1, in their order; null for those that are not near, or so near the picture's edge that
     * the network would not see all that it needs, or could not be scored.
     *
     * @param faces the detector's boxes in the picture
     */
    List<Float> scores(Picture picture, List<Box> faces) {
        Float[] scores = new Float[faces.size()];
        int[] near = IntStream.range(0, faces.size())
                .filter(i -> LivenessNetwork.isNear(faces.get(i), picture, leastWidth))
                .toArray();
        if (near.length > 0) {
            try {
                float[] found = scorer.score(
                        picture, Arrays.stream(near).mapToObj(faces::get).toList());
                for (int i = 0; i < near.length; i++) {
                    scores[near[i]] = checked(found[i]);
                }
            } catch (RuntimeException e) {
                Arrays.fill(scores, null);
                failures.increment();
                if (WARNINGS.permits()) {
                    LOG.warn("faces go on without liveness, because its network failed", e);
                }
            }
        }
        return Arrays.asList(scores);
    }

    private static float checked(float score) {
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalStateException("a score for liveness is 0 to 1, not " + score);
        }
        return score;
    }

    @Override
    public void close() {
        scorer.close();
    }
}
