package io.facestream.evaluation.promises;

/** Searches, counted by whose photo was searched for. */
final class SearchTally {
    private final double[] searches;
    private final double[] errors;

    SearchTally(int people) {
        searches = new double[people];
        errors = new double[people];
    }

    void add(int person, boolean error) {
        searches[person]++;
        errors[person] += error ? 1 : 0;
    }

    boolean isEmpty() {
        for (double count : searches) {
            if (count > 0) {
                return false;
            }
        }
        return true;
    }

    /** The share of the searches that are errors, where person i counts {@code weights[i]} times. */
    double share(int[] weights) {
        double all = 0;
        double wrong = 0;
        for (int person = 0; person < searches.length; person++) {
            all += weights[person] * searches[person];
            wrong += weights[person] * errors[person];
        }
        return wrong / all;
    }
}
