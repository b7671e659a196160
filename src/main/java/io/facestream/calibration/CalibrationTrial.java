package io.facestream.calibration;

import io.facestream.calibration.CalibrationGallery.Searched;
import io.facestream.calibration.FalseMatches.Comparison;
import io.facestream.calibration.OpenSetSearch.Search;
import io.facestream.identities.DecisionRule;
import io.facestream.identities.Identification;
import io.facestream.models.Calibration;
import io.facestream.models.Calibration.FalseMatchRate;
import io.facestream.photos.PhotoError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A calibration, tried on clear photos of people whom it was not fitted on. */
final class CalibrationTrial {
    private static final double TARGET_FPIR = 0.005;

    /** More than the largest rate, to leave room for replicates in which the nearest comparisons weigh less. */
    private static final double SPARE = 1.3;

    private final FalseMatches matches;
    private final double[] rates;
    private final List<Comparison> nearest;
    private final List<Searched> searched;
    private final List<DecisionRule> rules;

    /** The persons and answers of each drawing's searches. */
    private final List<Answers> ofPeople;

    private final List<Answers> ofStrangers;

    /**
     * @param persons index of each search's person
     * @param named whether the answer named the right person, or, in a search for a stranger, anybody
     */
    private record Answers(int[] persons, boolean[] named) {
        double share(int[] weights) {
            double all = 0;
            double holds = 0;
            for (int i = 0; i < persons.length; i++) {
                all += weights[persons[i]];
                holds += named[i] ? weights[persons[i]] : 0;
            }
            return holds / all;
        }
    }

    /**
     * @param matches of the people whom the calibration was fitted on
     * @param searched searches in galleries of other people
     * @param persons index of each person
     */
    CalibrationTrial(
            Calibration calibration,
            FalseMatches matches,
            List<Searched> searched,
            float separation,
            Map<String, Integer> persons) {
        this.matches = matches;
        this.rates = calibration.falseMatchRates().stream()
                .mapToDouble(FalseMatchRate::rate)
                .toArray();
        this.nearest = matches.nearest(SPARE * rates[0]);
        this.searched = searched;
        this.rules = searched.stream()
                .map(gallery -> new DecisionRule(
                        (float) calibration
                                .threshold(gallery.templates(), TARGET_FPIR)
                                .getAsDouble(),
                        separation,
                        calibration.averaging()))
                .toList();
        this.ofPeople = answers(true, persons);
        this.ofStrangers = answers(false, persons);
    }

    private List<Answers> answers(boolean enrolled, Map<String, Integer> persons) {
        return IntStream.range(0, searched.size())
                .mapToObj(i -> {
                    List<Search> counted = searched.get(i).searches().stream()
                            .filter(search -> search.group() < searched.get(i).people() == enrolled)
                            .toList();
                    boolean[] named = new boolean[counted.size()];
                    for (int j = 0; j < named.length; j++) {
                        named[j] = known(counted.get(j), rules.get(i))
                                && (counted.get(j).right() || !enrolled);
                    }
                    return new Answers(
                            counted.stream()
                                    .mapToInt(search ->
                                            persons.get(search.photo().photo().name()))
                                    .toArray(),
                            named);
                })
                .toList();
    }

    private static boolean known(Search search, DecisionRule rule) {
        return search.decision(rule) instanceof Identification.Known;
    }

    /** Share of the searches for strangers that name somebody. */
    double fpir(int[] weights) {
        return mean(ofStrangers, weights);
    }

    /** Share of the searches for people that do not name them. */
    double fnir(int[] weights) {
        return 1 - mean(ofPeople, weights);
    }

    private static double mean(List<Answers> drawings, int[] weights) {
        return drawings.stream()
                .mapToDouble(drawing -> drawing.share(weights))
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }

    /** Mean of the galleries' thresholds. */
    double threshold() {
        return rules.stream().mapToDouble(DecisionRule::threshold).average().getAsDouble();
    }

    /** The threshold if people counted more or less often; NaN if it cannot be determined. */
    double threshold(int[] weights, Map<String, Integer> persons) {
        int[] own = matches.names().stream()
                .mapToInt(name -> weights[persons.get(name)])
                .toArray();
        double[] distances = matches.distances(nearest, rates, own);
        List<FalseMatchRate> curve = new ArrayList<>();
        for (int i = 0; i < distances.length; i++) {
            boolean descends = curve.isEmpty()
                    || distances[i] < curve.get(curve.size() - 1).distance();
            if (descends && distances[i] > 0) {
                curve.add(new FalseMatchRate(rates[i], distances[i]));
            }
        }
        if (curve.size() < 2) {
            return Double.NaN;
        }
        Calibration replicate = new Calibration(curve, 0.0, null);
        return searched.stream()
                .mapToDouble(gallery ->
                        replicate.threshold(gallery.templates(), TARGET_FPIR).getAsDouble())
                .average()
                .getAsDouble();
    }

    /** The wrong answers at the threshold. */
    List<PhotoError> errors() {
        SearchErrors errors = new SearchErrors(searched.get(0).known(), searched.size());
        for (int i = 0; i < searched.size(); i++) {
            Searched gallery = searched.get(i);
            for (Search search : gallery.searches()) {
                errors.add(
                        gallery.drawing(),
                        search,
                        search.decision(rules.get(i)),
                        rules.get(i).threshold());
            }
        }
        return errors.errors();
    }
}
