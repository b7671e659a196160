package io.facestream.training.review;

import io.facestream.calibration.CalibrationFit;
import io.facestream.calibration.FalseMatchCurve;
import io.facestream.models.Calibration;
import io.facestream.models.Calibration.FalseMatchRate;
import io.facestream.models.MatchProbability;
import io.facestream.models.ModelMetrics.CalibrationBasis;
import io.facestream.models.ModelMetrics.CalibrationPoint;
import io.facestream.models.ModelVersion;
import io.facestream.photos.EmbeddedPhoto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a candidate's distances mean, judged by the people held back from its training. These are few, so at each rate
 * the smaller of two distances is used: the one by their own {@link FalseMatchCurve}, and the one within which the
 * candidate has as many false matches as the base has within its calibrated distance. A candidate therefore never
 * accepts strangers more easily than its base, even if both find these people easy. Where far strangers come nearer
 * than clear ones, it is their distance. It takes the averaging of photos no more lightly than its base either.
 *
 * @param calibration of the candidate
 * @param threshold used without the calibration: at it, 0.5 % of strangers get the name of one of 128 people
 * @param basis the data that it rests on
 */
public record CandidateCalibration(Calibration calibration, float threshold, CalibrationBasis basis) {
    /** With fewer people, the base's calibration says more about the candidate than they do. */
    private static final int LEAST_PEOPLE = 20;

    private static final int PEOPLE_OF_THRESHOLD = 128;
    private static final double FPIR_OF_THRESHOLD = 0.005;

    /**
     * Fits it.
     *
     * @param base the candidate's base
     * @param underBase clear photos of people held back
     * @param clear the same photos under the candidate
     * @param far the same photos under the candidate, degraded in one or more ways
     * @throws IllegalArgumentException if the candidate cannot tell people apart; such a candidate must not be promoted
     *     anyway
     */
    public static CandidateCalibration fit(
            ModelVersion base,
            List<EmbeddedPhoto> underBase,
            List<EmbeddedPhoto> clear,
            List<List<EmbeddedPhoto>> far,
            long seed) {
        long people =
                clear.stream().map(photo -> photo.photo().name()).distinct().count();
        if (people < LEAST_PEOPLE) {
            return new CandidateCalibration(
                    base.calibration(),
                    base.threshold(),
                    new CalibrationBasis(
                            "calibrated as " + base.version() + " is: " + people + " people were held back, fewer than "
                                    + LEAST_PEOPLE,
                            List.of()));
        }
        double ofBase = base.calibration().averaging();
        double averaging = Math.max(ofBase, CalibrationFit.averaging(clear).orElse(ofBase));
        FalseMatchCurve candidate = new FalseMatchCurve(clear, averaging);
        List<FalseMatchCurve> ofFar = far.stream()
                .map(photos -> new FalseMatchCurve(photos, averaging))
                .toList();
        List<CalibrationPoint> points =
                points(base.calibration(), new FalseMatchCurve(underBase, ofBase), candidate, ofFar, seed);
        CalibrationFit fit = new CalibrationFit(clear, far, base.separation(), seed);
        Optional<MatchProbability> fitted = fit.matchProbability();
        Optional<MatchProbability> probability = fitted.or(
                () -> Optional.ofNullable(base.calibration().probability()).map(fit::withNormsOfThese));
        Calibration calibration = new Calibration(falseMatchRates(points), averaging, probability.orElse(null));
        double threshold =
                calibration.threshold(PEOPLE_OF_THRESHOLD, FPIR_OF_THRESHOLD).orElseThrow();
        return new CandidateCalibration(
                calibration,
                (float) threshold,
                new CalibrationBasis(
                        "calibrated by " + candidate.comparisons() + " comparisons of " + people
                                + " people held back, extrapolated below a false match rate of " + candidate.tailShare()
                                + (fitted.isPresent() ? "" : "; the probability is that of " + base.version()),
                        points));
    }

    private static List<CalibrationPoint> points(
            Calibration ofBase,
            FalseMatchCurve base,
            FalseMatchCurve candidate,
            List<FalseMatchCurve> ofFar,
            long seed) {
        double[] extrapolated = CalibrationFit.RATES.stream()
                .mapToDouble(Double::doubleValue)
                .filter(rate -> rate < candidate.tailShare())
                .toArray();
        double[][] intervals = candidate.intervals(extrapolated, seed);
        int counted = CalibrationFit.RATES.size() - extrapolated.length;
        List<CalibrationPoint> points = new ArrayList<>();
        for (int i = 0; i < CalibrationFit.RATES.size(); i++) {
            double rate = CalibrationFit.RATES.get(i);
            double[] interval = i < counted ? null : intervals[i - counted];
            points.add(new CalibrationPoint(
                    rate,
                    candidate.distance(rate),
                    interval == null ? null : interval[0],
                    interval == null ? null : interval[1],
                    ofBase.falseMatchRates().isEmpty() ? null : candidate.distanceAsOften(base, ofBase.distance(rate)),
                    ofFar.stream()
                            .map(curve -> curve.distance(rate))
                            .min(Double::compare)
                            .orElse(null)));
        }
        return points;
    }

    /** The rates, as long as distances are above 0 and fall. */
    private static List<FalseMatchRate> falseMatchRates(List<CalibrationPoint> points) {
        List<FalseMatchRate> rates = new ArrayList<>();
        double last = 2;
        for (CalibrationPoint point : points) {
            double distance = point.strictest();
            if (distance > 0 && distance < last) {
                rates.add(new FalseMatchRate(point.rate(), distance));
                last = distance;
            }
        }
        return rates;
    }
}
