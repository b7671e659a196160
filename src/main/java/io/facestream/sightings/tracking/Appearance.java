package io.facestream.sightings.tracking;

import io.facestream.sightings.rows.Fields;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How a face looks: for each model version the mean direction of its vectors, weighted by quality. Holds at most two
 * versions, since replicas take over a new one within seconds of each other.
 */
final class Appearance {
    private static final int MOST_VERSIONS = 2;

    /** So many average faces make up the mean; a new one then counts one in so many, and the mean keeps up. */
    private static final double MEMORY = 10;

    private final List<Mean> means = new ArrayList<>();

    private static final class Mean {
        final String version;
        final float[] sum;
        double weights;
        double largest;

        Mean(String version, float[] sum) {
            this.version = version;
            this.sum = sum;
        }

        void add(float[] vector, double weight) {
            largest = Math.max(largest, weight);
            if (weights + weight > MEMORY * largest) {
                double keep = Math.max(0, (MEMORY * largest - weight) / weights);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] *= (float) keep;
                }
                weights *= keep;
            }
            for (int i = 0; i < sum.length; i++) {
                sum[i] += (float) (weight * vector[i]);
            }
            weights += weight;
        }
    }

    void add(String version, float[] vector, double weight) {
        mean(version, vector.length).add(vector, weight);
    }

    private Mean mean(String version, int dimensions) {
        for (int i = 0; i < means.size(); i++) {
            Mean mean = means.get(i);
            if (mean.version.equals(version) && mean.sum.length == dimensions) {
                means.add(means.remove(i)); // the latest one is last
                return mean;
            }
        }
        if (means.size() == MOST_VERSIONS) {
            means.remove(0);
        }
        Mean added = new Mean(version, new float[dimensions]);
        means.add(added);
        return added;
    }

    /** Cosine distance of a vector, 0 (the same) to 2 (opposite); empty if no vector of its version was seen. */
    OptionalDouble distance(String version, float[] vector) {
        for (Mean mean : means) {
            if (mean.version.equals(version) && mean.sum.length == vector.length) {
                return OptionalDouble.of(1 - cosine(mean.sum, vector));
            }
        }
        return OptionalDouble.empty();
    }

    /** Cosine distance of two means of one version; empty if they have no version in common. */
    OptionalDouble distance(Appearance other) {
        for (int i = means.size() - 1; i >= 0; i--) {
            OptionalDouble distance = other.distance(means.get(i).version, means.get(i).sum);
            if (distance.isPresent()) {
                return distance;
            }
        }
        return OptionalDouble.empty();
    }

    void merge(Appearance other) {
        for (Mean mean : other.means) {
            Mean mine = mean(mean.version, mean.sum.length);
            for (int i = 0; i < mine.sum.length; i++) {
                mine.sum[i] += mean.sum[i];
            }
            mine.weights += mean.weights;
            mine.largest = Math.max(mine.largest, mean.largest);
        }
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            ofA += (double) a[i] * a[i];
            ofB += (double) b[i] * b[i];
        }
        double lengths = Math.sqrt(ofA * ofB);
        return lengths > 0 ? product / lengths : 0;
    }

    void write(DataOutput out) throws IOException {
        out.writeByte(means.size());
        for (Mean mean : means) {
            out.writeUTF(mean.version);
            Fields.write(out, mean.sum);
            out.writeDouble(mean.weights);
            out.writeDouble(mean.largest);
        }
    }

    static Appearance read(DataInput in) throws IOException {
        Appearance appearance = new Appearance();
        for (int n = in.readByte(); n > 0; n--) {
            Mean mean = new Mean(in.readUTF(), Fields.readVector(in));
            mean.weights = in.readDouble();
            mean.largest = in.readDouble();
            appearance.means.add(mean);
        }
        return appearance;
    }
}
