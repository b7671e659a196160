package io.facestream.evaluation.groups;

import io.facestream.calibration.Bootstrap;
import io.facestream.calibration.Figure;
import io.facestream.calibration.Figures;
import io.facestream.evaluation.SearchedFor;
import io.facestream.photos.LabelledPhotos.Photo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Error rates by kind and group. A photo without a label of a kind does not count in that kind. */
public final class Differential {
    /** Groups are compared with one another only if so many errors are expected in each. */
    private static final int LEAST_EXPECTED = 5;

    private final int people;
    private final Map<String, Map<String, GroupRates>> rates = new TreeMap<>();
    private final Map<String, Map<String, Members>> members = new TreeMap<>();

    /** @param people number of people whose photos are judged */
    Differential(int people) {
        this.people = people;
    }

    private record Members(Set<Photo> photos, Set<Integer> people) {}

    /**
     * @param people with a photo in the group
     * @param photos judged ones
     * @param rates by name; null where there is nothing to judge
     * @param toOthers each rate over that of all other groups of this kind together; null where that is not known
     */
    public record Group(int people, int photos, Map<String, Double> rates, Map<String, Double> toOthers) {}

    /**
     * Groups of one kind, such as ages.
     *
     * @param largestRatio for each rate, the largest over the smallest, of the groups in which 5 errors or more are
     *     expected; null if that are fewer than two, or one has no error
     */
    public record Kind(Map<String, Group> groups, Map<String, Double> largestRatio) {}

    /**
     * @param intervals 95 %, bootstrapped over people, by the figure's name: {@code age.20-40.rates.fnir}
     */
    public record Report(Map<String, Kind> by, Map<String, double[]> intervals) {}

    /**
     * FNIR and FPIR of searches, at the threshold in force.
     *
     * @param labels the groups of the photo searched for, by their kind
     * @param people number of people and strangers
     * @param drawings that the searches come from
     */
    public static Report ofSearches(
            Stream<SearchedFor> searches,
            Function<SearchedFor, Map<String, String>> labels,
            int people,
            int drawings,
            long seed) {
        Differential differential = new Differential(people);
        searches.forEach(search -> differential.add(
                search.enrolled() ? "fnir" : "fpir",
                search.photo(),
                labels.apply(search),
                search.person(),
                search.wrong() ? 1 : 0));
        return differential.report(drawings, seed);
    }

    /** Adds a trial of a photo to each of its groups. */
    void add(String rate, Photo photo, Map<String, String> labels, int person, double error) {
        labels.forEach((kind, group) -> {
            of(kind, rate).add(person, group, error);
            Members ofGroup = members.computeIfAbsent(kind, name -> new TreeMap<>())
                    .computeIfAbsent(group, name -> new Members(new HashSet<>(), new HashSet<>()));
            ofGroup.photos.add(photo);
            ofGroup.people.add(person);
        });
    }

    GroupRates of(String kind, String rate) {
        return rates.computeIfAbsent(kind, name -> new TreeMap<>())
                .computeIfAbsent(rate, name -> new GroupRates(people));
    }

    /** @param drawings how many times each trial was added */
    Report report(int drawings, long seed) {
        int[] once = new int[people];
        Arrays.fill(once, 1);
        List<Figure> figures = new ArrayList<>();
        Map<String, Kind> by = new LinkedHashMap<>();
        rates.forEach((kind, ofKind) -> {
            Map<String, Group> groups = new LinkedHashMap<>();
            members.getOrDefault(kind, Map.of()).forEach((group, of) -> {
                Map<String, Double> own = new LinkedHashMap<>();
                Map<String, Double> toOthers = new LinkedHashMap<>();
                ofKind.forEach((name, rate) -> {
                    String prefix = kind + "." + group;
                    Figure share = Figure.share(
                            prefix + ".rates." + name, of.people.size(), weights -> rate.rate(group, weights));
                    Figure ratio = Figure.measure(
                            prefix + ".toOthers." + name,
                            of.people.size(),
                            weights -> rate.rate(group, weights) / rate.rateOfOthers(group, weights));
                    own.put(name, value(share, figures, once));
                    toOthers.put(name, value(ratio, figures, once));
                });
                groups.put(group, new Group(of.people.size(), of.photos.size(), own, toOthers));
            });
            Map<String, Double> largest = new LinkedHashMap<>();
            ofKind.forEach((name, rate) -> largest.put(
                    name, value(largestRatio(kind + ".largestRatio." + name, rate, drawings, once), figures, once)));
            by.put(kind, new Kind(groups, largest));
        });
        return new Report(by, new Bootstrap(people, seed).intervals(figures));
    }

    private static Double value(Figure figure, List<Figure> figures, int[] once) {
        Double value = Figures.orNull(figure.of().applyAsDouble(once));
        if (value != null) {
            figures.add(figure);
        }
        return value;
    }

    private Figure largestRatio(String name, GroupRates rate, int drawings, int[] once) {
        double errors = 0;
        double trials = 0;
        for (String group : rate.groups()) {
            if (rate.trials(group, once) > 0) {
                errors += rate.rate(group, once) * rate.trials(group, once);
                trials += rate.trials(group, once);
            }
        }
        double overall = errors / trials;
        List<String> compared = rate.groups().stream()
                .filter(group -> overall * rate.trials(group, once) / drawings >= LEAST_EXPECTED)
                .toList();
        return Figure.measure(name, people, weights -> {
            double largest = 0;
            double smallest = Double.POSITIVE_INFINITY;
            for (String group : compared) {
                double share = rate.rate(group, weights);
                largest = Math.max(largest, share);
                smallest = Math.min(smallest, share);
            }
            return compared.size() < 2 ? Double.NaN : largest / smallest;
        });
    }
}
