package io.facestream.evaluation.attacks;

import io.facestream.calibration.Bootstrap;
import io.facestream.calibration.Figure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The error rates of presentation attack detection, ISO/IEC 30107-3: APCER, the share of the attacks that are taken for
 * live faces, for each species of attack by itself, of which the worst counts; and BPCER, the share of the live faces
 * that are taken for attacks. A picture in which no face is found is in neither: it is no response.
 */
public final class PresentationAttack {
    private static final double[] THRESHOLDS = {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95};

    private final List<Shown> shown;
    private final Bootstrap bootstrap;

    /**
     * A picture, and what is known of its face.
     *
     * @param species of the attack; null for a live face
     * @param score 0 to 1, larger for live faces; NaN if no face was found
     */
    public record Shown(String species, double score) {
        boolean found() {
            return !Double.isNaN(score);
        }
    }

    /**
     * Attacks of one species, or live faces.
     *
     * @param pictures all of them
     * @param noResponse those in which no face was found
     * @param meanScore null if no face was found in any
     */
    public record Group(int pictures, int noResponse, Double meanScore) {}

    /**
     * The rates at a threshold: faces with a smaller score are taken for attacks.
     *
     * @param apcer of each species; null if no face was found in any of it
     * @param worstApcer null if there is none
     * @param bpcer null if no live face was found
     */
    public record Rates(double threshold, Map<String, Double> apcer, Double worstApcer, Double bpcer) {}

    /**
     * @param live bona fide presentations
     * @param attacks by species
     * @param at the rates at the threshold that was asked for
     * @param curve the rates at others
     * @param intervals 95 %, bootstrapped over pictures, of {@code bpcer} and {@code apcer.SPECIES}
     */
    public record Report(
            Group live, Map<String, Group> attacks, Rates at, List<Rates> curve, Map<String, double[]> intervals) {}

    /** @param shown at least one live face, and one attack */
    public PresentationAttack(List<Shown> shown, long seed) {
        this.shown = List.copyOf(shown);
        this.bootstrap = new Bootstrap(shown.size(), seed);
    }

    /** @param threshold 0 to 1 */
    public Report report(double threshold) {
        Map<String, Group> attacks = new TreeMap<>();
        List<Figure> figures = new ArrayList<>();
        figures.add(figure("bpcer", null, threshold));
        for (String species : species()) {
            attacks.put(species, group(species));
            figures.add(figure("apcer." + species, species, threshold));
        }
        return new Report(
                group(null),
                attacks,
                rates(threshold),
                Arrays.stream(THRESHOLDS).mapToObj(this::rates).toList(),
                bootstrap.intervals(figures));
    }

    private List<String> species() {
        return shown.stream()
                .filter(one -> one.species() != null)
                .map(Shown::species)
                .distinct()
                .sorted()
                .toList();
    }

    private boolean isOf(Shown one, String species) {
        return species == null ? one.species() == null : species.equals(one.species());
    }

    private Group group(String species) {
        List<Shown> all = shown.stream().filter(one -> isOf(one, species)).toList();
        OptionalDouble mean =
                all.stream().filter(Shown::found).mapToDouble(Shown::score).average();
        return new Group(
                all.size(),
                (int) all.stream().filter(one -> !one.found()).count(),
                mean.isPresent() ? mean.getAsDouble() : null);
    }

    private Rates rates(double threshold) {
        int[] once = new int[shown.size()];
        Arrays.fill(once, 1);
        Map<String, Double> apcer = new LinkedHashMap<>();
        for (String species : species()) {
            apcer.put(species, orNull(wrong(species, threshold, once)));
        }
        OptionalDouble worst = apcer.values().stream()
                .filter(rate -> rate != null)
                .mapToDouble(Double::doubleValue)
                .max();
        return new Rates(
                threshold, apcer, worst.isPresent() ? worst.getAsDouble() : null, orNull(wrong(null, threshold, once)));
    }

    private static Double orNull(double rate) {
        return Double.isNaN(rate) ? null : rate;
    }

    private Figure figure(String name, String species, double threshold) {
        int found = (int)
                shown.stream().filter(one -> isOf(one, species) && one.found()).count();
        return Figure.share(name, found, weights -> wrong(species, threshold, weights));
    }

    /** The share of the faces found that are taken for what they are not; NaN if there are none. */
    private double wrong(String species, double threshold, int[] weights) {
        double[] counts = new double[2];
        IntStream.range(0, weights.length)
                .filter(i -> isOf(shown.get(i), species) && shown.get(i).found())
                .forEach(i -> {
                    counts[0] += weights[i];
                    boolean live = shown.get(i).score() >= threshold;
                    counts[1] += live == (species == null) ? 0 : weights[i];
                });
        return counts[1] / counts[0];
    }
}
