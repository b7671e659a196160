package io.facestream.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.random.RandomGenerator;

/**
 * People who do not exist, whose templates lie as those of real people do. Vectors of uniform noise would all be
 * equally far from each other, and say nothing about the search among real ones.
 *
 * <p>A person is drawn from a normal distribution with the mean and the covariance of real people under the shipped
 * network, a photo from one around the person with the covariance within people (as in probabilistic linear
 * discriminant analysis: Prince and Elder, ICCV 2007). {@code PeopleStatistics} among the tests computed both from LFW.
 */
final class MadeUpPeople {
    private static final String RESOURCE = "/bench/people-statistics.bin";

    /** Added to the variances, so that rounding leaves the matrices positive definite. */
    private static final double JITTER = 1e-7;

    private final float[] mean;
    private final float[][] between;
    private final float[][] within;

    /**
     * @param mean of all people
     * @param between covariance of people, symmetric
     * @param within covariance of one person's photos, symmetric
     */
    MadeUpPeople(double[] mean, double[][] between, double[][] within) {
        this.mean = new float[mean.length];
        for (int i = 0; i < mean.length; i++) {
            this.mean[i] = (float) mean[i];
        }
        this.between = factor(between);
        this.within = factor(within);
    }

    /** Those of the shipped network, with 192 dimensions. */
    static MadeUpPeople shipped() {
        try (InputStream resource = MadeUpPeople.class.getResourceAsStream(RESOURCE);
                DataInputStream in = new DataInputStream(new BufferedInputStream(resource))) {
            double[] mean = new double[in.readInt()];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = in.readFloat();
            }
            return new MadeUpPeople(mean, symmetric(in, mean.length), symmetric(in, mean.length));
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", e);
        }
    }

    private static double[][] symmetric(DataInputStream in, int size) throws IOException {
        double[][] matrix = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                matrix[i][j] = in.readFloat();
                matrix[j][i] = matrix[i][j];
            }
        }
        return matrix;
    }

    int dimensions() {
        return mean.length;
    }

    /** A person, as the centre of photos. */
    float[] person(RandomGenerator random) {
        float[] person = mean.clone();
        add(between, 1, random, person);
        return person;
    }

    /** The mean of that many photos of a person, as a unit vector: a template, or with one photo a probe. */
    float[] photos(float[] person, int count, RandomGenerator random) {
        float[] vector = person.clone();
        add(within, 1 / Math.sqrt(count), random, vector);
        double squares = 0;
        for (float x : vector) {
            squares += x * x;
        }
        float scale = (float) (1 / Math.sqrt(squares));
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= scale;
        }
        return vector;
    }

    private static void add(float[][] columns, double deviation, RandomGenerator random, float[] to) {
        for (int j = 0; j < columns.length; j++) {
            float z = (float) (deviation * random.nextGaussian());
            float[] column = columns[j];
            for (int i = 0; i < to.length; i++) {
                to[i] += z * column[i];
            }
        }
    }

    /** The columns of the Cholesky factor. */
    private static float[][] factor(double[][] covariance) {
        int size = covariance.length;
        double[][] rows = new double[size][size];
        float[][] columns = new float[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double rest = covariance[i][j] + (i == j ? JITTER : 0);
                for (int k = 0; k < j; k++) {
                    rest -= rows[i][k] * rows[j][k];
                }
                if (i == j && !(rest > 0)) {
                    throw new IllegalArgumentException("the covariance is not positive definite");
                }
                rows[i][j] = i == j ? Math.sqrt(rest) : rest / rows[j][j];
                columns[j][i] = (float) rows[i][j];
            }
        }
        return columns;
    }
}
