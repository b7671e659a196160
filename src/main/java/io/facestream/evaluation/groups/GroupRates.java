package io.facestream.evaluation.groups;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** An error rate by group, as a function of how often each person counts. */
final class GroupRates {
    private final int people;
    private final Map<String, Counts> byGroup = new TreeMap<>();

    GroupRates(int people) {
        this.people = people;
    }

    /** Trials and errors of one group, by the person, or by two people, whom they rest on. */
    private static final class Counts {
        final double[] trials;
        final double[] errors;

        /** Photos by person, each compared with those of everybody else; null if nothing is compared. */
        int[] compared;

        final List<int[]> matches = new ArrayList<>();

        Counts(int people) {
            trials = new double[people];
            errors = new double[people];
        }

        double trials(int[] weights) {
            double all = 0;
            double squares = 0;
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                sum += weights[i] * trials[i];
                if (compared != null) {
                    double photos = (double) weights[i] * compared[i];
                    all += photos;
                    squares += photos * photos;
                }
            }
            return sum + (all * all - squares) / 2;
        }

        double errors(int[] weights) {
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                sum += weights[i] * errors[i];
            }
            for (int[] match : matches) {
                sum += (double) weights[match[0]] * weights[match[1]];
            }
            return sum;
        }
    }

    private Counts of(String group) {
        return byGroup.computeIfAbsent(group, name -> new Counts(people));
    }

    /** Adds a trial, or the mean of a person's trials. */
    void add(int person, String group, double error) {
        of(group).trials[person]++;
        of(group).errors[person] += error;
    }

    /** Adds a photo, which is compared with the group's photos of all other people. */
    void compare(int person, String group) {
        Counts counts = of(group);
        if (counts.compared == null) {
            counts.compared = new int[people];
        }
        counts.compared[person]++;
    }

    /** Adds a comparison of two people that matches. */
    void match(int first, int second, String group) {
        of(group).matches.add(new int[] {first, second});
    }

    Set<String> groups() {
        return byGroup.keySet();
    }

    double trials(String group, int[] weights) {
        return byGroup.containsKey(group) ? byGroup.get(group).trials(weights) : 0;
    }

    /** NaN if there are no trials. */
    double rate(String group, int[] weights) {
        return byGroup.containsKey(group)
                ? byGroup.get(group).errors(weights) / byGroup.get(group).trials(weights)
                : Double.NaN;
    }

    /** The rate of all other groups together; NaN if they have no trials. */
    double rateOfOthers(String group, int[] weights) {
        double errors = 0;
        double trials = 0;
        for (Map.Entry<String, Counts> other : byGroup.entrySet()) {
            if (!other.getKey().equals(group)) {
                errors += other.getValue().errors(weights);
                trials += other.getValue().trials(weights);
            }
        }
        return errors / trials;
    }
}
