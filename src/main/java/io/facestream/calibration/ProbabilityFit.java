package io.facestream.calibration;

import io.facestream.calibration.CalibrationGallery.Searched;
import io.facestream.calibration.OpenSetSearch.Search;
import io.facestream.models.MatchProbability;
import java.util.List;
import java.util.stream.Stream;

/** Fits the probability that the nearest template is the right one. */
final class ProbabilityFit {
    /** Rounding error of the lengths of unit vectors. */
    private static final float ROUNDING = 1e-3f;

    private ProbabilityFit() {}

    private record Norms(float least, float greatest) {
        /**
         * The range of the lengths. If a network normalises its output, the length says nothing; the range is then one
         * with all lengths in its middle.
         */
        static Norms of(Stream<Float> lengths) {
            List<Float> sorted = lengths.sorted().toList();
            float least = sorted.get(0);
            float greatest = sorted.get(sorted.size() - 1);
            return greatest < least * (1 + ROUNDING)
                    ? new Norms(least * (1 - ROUNDING), greatest * (1 + ROUNDING))
                    : new Norms(least, greatest);
        }
    }

    /** A logistic regression on the searches, as if half of the faces were strangers'. */
    static MatchProbability of(List<Searched> searched) {
        Norms norms = Norms.of(searched.stream()
                .flatMap(gallery -> gallery.searches().stream())
                .map(search -> search.quality().norm()));
        LogisticRegression regression = new LogisticRegression(7);
        for (Searched gallery : searched) {
            long mated = gallery.searches().stream()
                    .filter(search -> search.group() < gallery.people())
                    .count();
            long nonMated = gallery.searches().size() - mated;
            for (Search search : gallery.searches()) {
                // Weighted as if half of the faces were strangers'.
                double weight = 0.5 / (search.group() < gallery.people() ? mated : nonMated);
                regression.add(
                        MatchProbability.features(
                                search.nearest(),
                                search.quality().norm(),
                                search.samples(),
                                norms.least(),
                                norms.greatest()),
                        -Math.log(gallery.templates()),
                        search.right(),
                        weight);
            }
        }
        double[] fitted = regression.fit();
        return new MatchProbability(
                norms.least(),
                norms.greatest(),
                fitted[0],
                fitted[1],
                fitted[2],
                fitted[3],
                fitted[4],
                fitted[5],
                fitted[6]);
    }

    /** A probability fitted on other photos, adapted to the lengths of the embeddings at hand. */
    static MatchProbability withNorms(MatchProbability fitted, Stream<Float> lengths) {
        Norms norms = Norms.of(lengths);
        return new MatchProbability(
                norms.least(),
                norms.greatest(),
                fitted.intercept(),
                fitted.distance(),
                fitted.norm(),
                fitted.distanceNorm(),
                fitted.normSquared(),
                fitted.averaging(),
                fitted.distanceAveraging());
    }
}
