package io.facestream.embeddings;

import java.util.Arrays;
import java.util.List;

/**
 * A face as a point on the unit sphere: near other photos of the same person, far from those of other people (Schroff
 * et al., "FaceNet: A Unified Embedding for Face Recognition and Clustering", CVPR 2015). Immutable.
 */
public final class Embedding {
    /** How far the length of a stored unit vector may differ from 1, because its numbers were rounded. */
    private static final double ROUNDING = 1e-3;

    private final float[] vector;
    private final float norm;

    private Embedding(float[] vector, float norm) {
        this.vector = vector;
        this.norm = norm;
    }

    /**
     * Normalises a network's output.
     *
     * @throws IllegalArgumentException if it has no direction: all zeros, or a number that is NaN or infinite
     */
    public static Embedding ofNetworkOutput(float[] output) {
        double length = length(output);
        if (!isDirection(length)) {
            throw new IllegalArgumentException("a network's output of length " + length + " is not an embedding");
        }
        float[] unit = new float[output.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (output[i] / length);
        }
        return new Embedding(unit, (float) length);
    }

    /**
     * An embedding that is already normalised, as in messages and in the gallery.
     *
     * @param norm its length before normalisation
     * @throws IllegalArgumentException if {@code vector} is not of unit length, or {@code norm} not positive
     */
    public static Embedding ofUnitVector(float[] vector, float norm) {
        double length = length(vector);
        if (!(Math.abs(length - 1) < ROUNDING)) {
            throw new IllegalArgumentException("an embedding must have unit length, not " + length);
        }
        if (!(norm > 0 && norm < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("an embedding's norm must be positive, not " + norm);
        }
        return new Embedding(vector.clone(), norm);
    }

    /** Whether a network's output can be normalised: finite, and not all zeros. */
    static boolean isDirection(float[] output) {
        return isDirection(length(output));
    }

    private static boolean isDirection(double length) {
        return length > 0 && length < Float.MAX_VALUE;
    }

    private static double length(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        return Math.sqrt(squares);
    }

    public int dimensions() {
        return vector.length;
    }

    /** A copy of the coordinates; their length is 1. */
    public float[] vector() {
        return vector.clone();
    }

    /**
     * Length of the network's output before normalisation, above 0. It grows with the visible part of the face and is
     * the best available measure of quality.
     */
    public float norm() {
        return norm;
    }

    /**
     * The direction of the mean of several embeddings: a person's template, computed like the gallery's {@code
     * l2_normalize(avg(embedding))}.
     *
     * @throws IllegalArgumentException if the list is empty or the embeddings cancel each other
     */
    public static Embedding mean(List<Embedding> samples) {
        float[] sum = new float[samples.isEmpty() ? 0 : samples.get(0).dimensions()];
        for (Embedding sample : samples) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += sample.vector[i];
            }
        }
        return ofNetworkOutput(sum);
    }

    /** Euclidean distance on the unit sphere, 0 (the same) to 2 (opposite). */
    public double distance(Embedding other) {
        if (other.vector.length != vector.length) {
            throw new IllegalArgumentException(
                    "embeddings of " + vector.length + " and " + other.vector.length + " dimensions have no distance");
        }
        double squares = 0;
        for (int i = 0; i < vector.length; i++) {
            double difference = vector[i] - other.vector[i];
            squares += difference * difference;
        }
        return Math.sqrt(squares);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Embedding other && norm == other.norm && Arrays.equals(vector, other.vector);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(vector);
    }

    @Override
    public String toString() {
        return "Embedding[" + vector.length + " dimensions, norm " + norm + "]";
    }
}
