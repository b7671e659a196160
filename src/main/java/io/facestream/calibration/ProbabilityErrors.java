package io.facestream.calibration;

import io.facestream.calibration.OpenSetSearch.Search;
import io.facestream.models.MatchProbability;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * How well the probability of the first candidate matches reality.
 *
 * @param expectedCalibrationError mean difference between forecast and frequency, over {@value #BINS} bins of equal
 *     mass
 * @param brier mean squared error
 * @param logLoss mean of -log of the probability given to the true outcome, in nats
 * @param searches forecast
 */
public record ProbabilityErrors(double expectedCalibrationError, double brier, double logLoss, int searches) {
    private static final int BINS = 10;
    private static final double LEAST = 1e-9;

    /**
     * @param right whether the first candidate was the person
     * @param group index of the photo's person
     */
    public record Forecast(double probability, boolean right, int group) {
        /** The probability given to the true outcome. */
        double ofTruth() {
            return right ? probability : 1 - probability;
        }
    }

    /**
     * Forecasts for searches, given their own share of strangers.
     *
     * @param searches with a detected face
     * @param people groups from this index on are strangers
     */
    public static List<Forecast> forecasts(
            List<Search> searches, long templates, int people, MatchProbability probability) {
        return forecasts(searches, templates, people, probability, Search::group);
    }

    /** @param group group for bootstrapping the intervals */
    public static List<Forecast> forecasts(
            List<Search> searches,
            long templates,
            int people,
            MatchProbability probability,
            ToIntFunction<Search> group) {
        long strangers =
                searches.stream().filter(search -> search.group() >= people).count();
        // If there are no strangers, or only strangers, half a search counts as the other kind: neither share is ever
        // certain.
        double share = Math.max(0.5, Math.min(searches.size() - 0.5, strangers)) / searches.size();
        return searches.stream()
                .map(search -> new Forecast(
                        probability.of(search.nearest(), search.quality().norm(), search.samples(), templates, share),
                        search.right(),
                        group.applyAsInt(search)))
                .toList();
    }

    public static ProbabilityErrors of(List<Forecast> forecasts) {
        List<Forecast> sorted = sorted(forecasts);
        int[] once = new int[1 + sorted.stream().mapToInt(Forecast::group).max().orElse(0)];
        Arrays.fill(once, 1);
        return new ProbabilityErrors(
                calibrationError(sorted, once), brier(sorted, once), logLoss(sorted, once), sorted.size());
    }

    /** The three as figures, for groups that count more or less often. */
    public static List<Figure> figures(String name, List<Forecast> forecasts, int groups) {
        List<Forecast> sorted = sorted(forecasts);
        return List.of(
                Figure.measure(
                        name + ".expectedCalibrationError", groups, weights -> calibrationError(sorted, weights)),
                Figure.measure(name + ".brier", groups, weights -> brier(sorted, weights)),
                Figure.measure(name + ".logLoss", groups, weights -> logLoss(sorted, weights)));
    }

    private static List<Forecast> sorted(List<Forecast> forecasts) {
        return forecasts.stream()
                .sorted(Comparator.comparingDouble(Forecast::probability))
                .toList();
    }

    private static double calibrationError(List<Forecast> sorted, int[] weights) {
        double all = sum(sorted, weights, forecast -> 1);
        double[] differences = new double[BINS];
        double before = 0;
        for (Forecast forecast : sorted) {
            int weight = weights[forecast.group()];
            if (weight > 0) {
                int bin = (int) (before * BINS / all);
                differences[bin] += weight * (forecast.probability() - (forecast.right() ? 1 : 0));
                before += weight;
            }
        }
        return Arrays.stream(differences).map(Math::abs).sum() / all;
    }

    private static double brier(List<Forecast> forecasts, int[] weights) {
        return mean(forecasts, weights, forecast -> (1 - forecast.ofTruth()) * (1 - forecast.ofTruth()));
    }

    private static double logLoss(List<Forecast> forecasts, int[] weights) {
        return mean(forecasts, weights, forecast -> -Math.log(Math.max(LEAST, forecast.ofTruth())));
    }

    private static double mean(List<Forecast> forecasts, int[] weights, ToDoubleFunction<Forecast> loss) {
        return sum(forecasts, weights, loss) / sum(forecasts, weights, forecast -> 1);
    }

    private static double sum(List<Forecast> forecasts, int[] weights, ToDoubleFunction<Forecast> figure) {
        double sum = 0;
        for (Forecast forecast : forecasts) {
            int weight = weights[forecast.group()];
            if (weight > 0) {
                sum += weight * figure.applyAsDouble(forecast);
            }
        }
        return sum;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%6.3f, Brier %.4f, log-loss %.4f", expectedCalibrationError, brier, logLoss);
    }
}
