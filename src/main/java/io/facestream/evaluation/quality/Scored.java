package io.facestream.evaluation.quality;

import io.facestream.calibration.Figure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Faces by a score of their quality, worst first. */
final class Scored {
    /** Discarding more leaves too few faces to count errors of. */
    private static final double MOST_DISCARDED = 0.95;

    private static final int STEPS = 95;
    private static final int BINS = 10;

    private final List<Face> faces;
    private final int people;

    private record Face(int person, double score, boolean right) {}

    /**
     * @param people number of people
     * @param score of a face: the higher, the better
     */
    Scored(List<JudgedFace> faces, int people, ToDoubleFunction<JudgedFace> score) {
        this.people = people;
        this.faces = faces.stream()
                .map(face -> new Face(face.person(), score.applyAsDouble(face), face.right()))
                .sorted(Comparator.comparingDouble(Face::score))
                .toList();
    }

    /**
     * The share of errors when a share of the faces, those with the lowest scores, is discarded. Faces with the same
     * score go together, as a share of each.
     *
     * @param weights how many times each person counts
     */
    private double[] errors(int[] weights, double[] discarded) {
        double[] sums = new double[faces.size() + 1];
        double[] wrong = new double[faces.size() + 1];
        for (int i = 0; i < faces.size(); ) {
            int next = i;
            double weight = 0;
            double errors = 0;
            while (next < faces.size() && faces.get(next).score == faces.get(i).score) {
                int times = weights[faces.get(next).person];
                weight += times;
                errors += faces.get(next).right ? 0 : times;
                next++;
            }
            for (int j = i; j < next; j++) {
                double share = (j + 1.0 - i) / (next - i);
                sums[j + 1] = sums[i] + weight * share;
                wrong[j + 1] = wrong[i] + errors * share;
            }
            i = next;
        }
        double all = sums[faces.size()];
        return Arrays.stream(discarded)
                .map(share -> {
                    int first = Arrays.binarySearch(sums, share * all);
                    int from = Math.min(faces.size() - 1, first < 0 ? -first - 1 : first);
                    return (wrong[faces.size()] - wrong[from]) / (all - sums[from]);
                })
                .toArray();
    }

    double errors(int[] weights, double discarded) {
        return errors(weights, new double[] {discarded})[0];
    }

    /** The mean share of errors over discarding 0 to 95 % of the faces: the area under the curve, over its width. */
    double area(int[] weights) {
        double[] steps = new double[STEPS + 1];
        Arrays.setAll(steps, i -> MOST_DISCARDED * i / STEPS);
        return Arrays.stream(errors(weights, steps)).average().getAsDouble();
    }

    /** The expected calibration error of a score that is a share, in ten bins of as many faces each. */
    double calibrationError(int[] weights) {
        double all = 0;
        for (Face face : faces) {
            all += weights[face.person];
        }
        double before = 0;
        double[] differences = new double[BINS];
        for (Face face : faces) {
            double weight = weights[face.person];
            int bin = (int) (BINS * (before + weight / 2) / all);
            differences[Math.min(BINS - 1, bin)] += weight * (face.score - (face.right ? 1 : 0));
            before += weight;
        }
        return Arrays.stream(differences).map(Math::abs).sum() / all;
    }

    /** Its area as a figure. */
    Figure areaFigure(String name) {
        return Figure.measure(name, people, this::area);
    }

    /** The errors at some shares of discarded faces, as figures. */
    List<Figure> curve(String prefix, double... discarded) {
        List<Figure> figures = new ArrayList<>();
        for (double share : discarded) {
            figures.add(Figure.share(prefix + share, people, weights -> errors(weights, share)));
        }
        return figures;
    }
}
