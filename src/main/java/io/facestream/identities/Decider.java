package io.facestream.identities;

import io.facestream.faces.Quality;
import io.facestream.gallery.GalleryState;
import io.facestream.gallery.Neighbour;
import io.facestream.models.ModelVersion;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Decides by the model version's calibration, the size of the gallery and the user's tolerance for false positives.
 * Independent of Kafka and the database, so streams, pictures and evaluations share it.
 */
public final class Decider {
    private final DecisionRule rule;
    private final QualityBounds bounds;
    private final ModelVersion version;
    private final MatchingConfig config;
    private final long templates;

    /**
     * @param gallery that is searched
     * @throws IllegalArgumentException if a setting is out of its range
     */
    public Decider(ModelVersion version, GalleryState gallery, MatchingConfig config) {
        check(config);
        this.version = version;
        this.config = config;
        this.templates = gallery.templates();
        this.rule = config.threshold()
                .map(fixed -> new DecisionRule(fixed, separation(version, config)))
                .orElseGet(() -> rule(version, gallery, config.targetFpir(), separation(version, config)));
        this.bounds = new QualityBounds(
                config.minFaceSize(),
                config.minSharpness(),
                config.minNorm().or(version.calibration()::leastNorm).orElse(0f));
    }

    /** @throws IllegalArgumentException if a setting is out of its range */
    static void check(MatchingConfig config) {
        requireShare("target-fpir", config.targetFpir());
        requireShare("stranger-share", config.strangerShare());
        // Its constructor checks the settings.
        new DecisionRule(config.threshold().orElse(1f), config.separation().orElse(0f));
    }

    private static void requireShare(String setting, double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "facestream.matching." + setting + " must be above 0 and below 1, not " + share);
        }
    }

    /** The separation in force. */
    public static float separation(ModelVersion version, MatchingConfig config) {
        return config.separation().orElse(version.separation());
    }

    /**
     * The rule that follows from a target. Its threshold equals the database's match_threshold.
     *
     * @param targetFpir above 0 and below 1
     */
    public static DecisionRule rule(ModelVersion version, GalleryState gallery, double targetFpir, float separation) {
        OptionalDouble calibrated = version.calibration().threshold(gallery.templates(), targetFpir);
        return new DecisionRule(
                calibrated.isEmpty()
                        ? version.threshold()
                        : (float) Math.min(2, Math.max(0, calibrated.getAsDouble() + gallery.distanceShift())),
                separation,
                version.calibration().averaging());
    }

    /** The rule in force. */
    public DecisionRule rule() {
        return rule;
    }

    /** The threshold and the separation for the nearest neighbour, or for a template of one photo if there is none. */
    DecisionRule rule(List<Neighbour> neighbours) {
        return rule.of(neighbours.isEmpty() ? 1 : neighbours.get(0).samples());
    }

    /** @param neighbours of the face, nearest first */
    public Identification decide(Quality quality, List<Neighbour> neighbours) {
        return bounds.against(quality)
                .<Identification>map(Identification.Unknown::new)
                .orElseGet(() -> rule.decide(neighbours));
    }

    /**
     * The probability that the face is the nearest neighbour's, 0 to 1; null if there is no neighbour, it was ruled
     * out, or the version was not calibrated.
     */
    public Float probability(Quality quality, List<Neighbour> neighbours) {
        if (neighbours.isEmpty()
                || neighbours.get(0).ruledOut()
                || version.calibration().probability() == null) {
            return null;
        }
        Neighbour nearest = neighbours.get(0);
        return (float) version.calibration()
                .probability()
                .of(
                        nearest.distance(),
                        quality.norm(),
                        nearest.samples(),
                        Math.max(1, templates),
                        config.strangerShare());
    }
}
