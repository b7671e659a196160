package io.facestream.evaluation;

import io.facestream.evaluation.OpenSetSearch.Search;
import io.facestream.models.MatchProbability;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Whether the probability of the first candidate means what it says.
 *
 * @param expectedCalibrationError mean difference between forecast and frequency, over {@value #BINS} bins of equal mass
 * @param brier mean squared error
 * @param logLoss mean of -log of the probability of what came true, in nats
 * @param searches forecast
 */
public record ProbabilityErrors(double expectedCalibrationError, double brier, double logLoss, int searches) {
    private static final int BINS = 10;
    private static final double LEAST = 1e-9;

    /** @param right whether the first candidate was the person */
    record Forecast(double probability, boolean right) {}

    /**
     * Forecasts for searches, told their own share of strangers.
     *
     * @param searches with a detected face
     * @param people groups from this one on are strangers
     */
    static List<Forecast> forecasts(List<Search> searches, long templates, int people, MatchProbability probability) {
        long strangers =
                searches.stream().filter(search -> search.group() >= people).count();
        // Where there are none, or only they, as if half a search were of the other kind: neither share is ever
        // certain.
        double share = Math.max(0.5, Math.min(searches.size() - 0.5, strangers)) / searches.size();
        return searches.stream()
                .map(search -> new Forecast(
                        probability.of(search.nearest(), search.quality().norm(), templates, share), search.right()))
                .toList();
    }

    static ProbabilityErrors of(List<Forecast> forecasts) {
        List<Forecast> sorted = forecasts.stream()
                .sorted(Comparator.comparingDouble(Forecast::probability))
                .toList();
        double calibration = 0;
        for (int bin = 0; bin < BINS; bin++) {
            List<Forecast> inBin = sorted.subList(bin * sorted.size() / BINS, (bin + 1) * sorted.size() / BINS);
            calibration += Math.abs(inBin.stream()
                    .mapToDouble(forecast -> forecast.probability() - (forecast.right() ? 1 : 0))
                    .sum());
        }
        double brier = 0;
        double logLoss = 0;
        for (Forecast forecast : forecasts) {
            double ofTruth = forecast.right() ? forecast.probability() : 1 - forecast.probability();
            brier += (1 - ofTruth) * (1 - ofTruth);
            logLoss -= Math.log(Math.max(LEAST, ofTruth));
        }
        int count = forecasts.size();
        return new ProbabilityErrors(calibration / count, brier / count, logLoss / count, count);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%6.3f, Brier %.4f, log-loss %.4f", expectedCalibrationError, brier, logLoss);
    }
}
