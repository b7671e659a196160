package io.facestream.training.review;

import io.facestream.calibration.AllPairs;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Embeddings of the photos of people held back, under a candidate and under its base.
 *
 * @param photos kind of photos, such as {@code clean} or {@code far-camera}
 * @param underBase by person, the unit vectors of the photos: {@code float[photos][dimensions]}
 * @param underCandidate the same photos in the same order; the dimensions may differ
 */
public record HeldBackVectors(String photos, List<float[][]> underBase, List<float[][]> underCandidate) {
    private static final double ROUNDING = 1e-3;

    public HeldBackVectors {
        underBase = List.copyOf(underBase);
        underCandidate = List.copyOf(underCandidate);
        if (underBase.size() != underCandidate.size()) {
            throw new IllegalArgumentException(photos + ": " + underBase.size() + " people under the base, "
                    + underCandidate.size() + " under the candidate");
        }
        for (int person = 0; person < underBase.size(); person++) {
            if (underBase.get(person).length != underCandidate.get(person).length) {
                throw new IllegalArgumentException(photos + ": of person " + person + " there are "
                        + underBase.get(person).length + " photos under the base, "
                        + underCandidate.get(person).length + " under the candidate");
            }
        }
    }

    int people() {
        return underBase.size();
    }

    /** Whether the candidate's embeddings of all photos can be compared. */
    boolean areUnitVectors() {
        return underCandidate.stream().flatMap(Arrays::stream).allMatch(HeldBackVectors::isUnitVector);
    }

    private static boolean isUnitVector(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        return Math.abs(Math.sqrt(squares) - 1) < ROUNDING;
    }

    AllPairs base() {
        return pairs(underBase);
    }

    AllPairs candidate() {
        return pairs(underCandidate);
    }

    private static AllPairs pairs(List<float[][]> byPerson) {
        int[] person = IntStream.range(0, byPerson.size())
                .flatMap(i -> IntStream.generate(() -> i).limit(byPerson.get(i).length))
                .toArray();
        return new AllPairs(byPerson.stream().flatMap(Arrays::stream).toArray(float[][]::new), person);
    }
}
