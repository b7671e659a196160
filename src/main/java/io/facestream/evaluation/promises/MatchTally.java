package io.facestream.evaluation.promises;

import java.util.ArrayList;
import java.util.List;

/** Comparisons of probes with other people's templates, counted by who they are of. */
final class MatchTally {
    private final List<Compared> compared = new ArrayList<>();
    private final List<int[]> matches = new ArrayList<>();

    /**
     * Each photo of the probes' people with each template, but a person's own.
     *
     * @param photos number of photos by person; 0 for those who are not searched for
     * @param templates people who have one
     */
    private record Compared(int[] photos, int[] templates) {
        double comparisons(int[] weights) {
            double probes = 0;
            for (int person = 0; person < photos.length; person++) {
                probes += (double) weights[person] * photos[person];
            }
            double comparisons = 0;
            for (int person : templates) {
                comparisons += weights[person] * (probes - (double) weights[person] * photos[person]);
            }
            return comparisons;
        }
    }

    /** Begins a set of comparisons, of which {@link #add} tells the matches. */
    void begin(int[] photos, int[] templates) {
        compared.add(new Compared(photos, templates));
    }

    /** Adds a match of a probe of one person with the template of another. */
    void add(int probe, int template) {
        matches.add(new int[] {probe, template});
    }

    /** The share of the comparisons that match, where person i counts {@code weights[i]} times. */
    double share(int[] weights) {
        double matching = 0;
        for (int[] match : matches) {
            matching += (double) weights[match[0]] * weights[match[1]];
        }
        return matching
                / compared.stream().mapToDouble(of -> of.comparisons(weights)).sum();
    }
}
