package io.facestream.bench;

import static org.bytedeco.opencv.global.opencv_core.CV_64F;

import io.facestream.configuration.Settings;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.faces.Box;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Computes the statistics from which {@link MadeUpPeople} are drawn, from a folder {@code NAME/PHOTO} such as LFW: the
 * mean of people, the covariance between them and the covariance within them, under the shipped network. The file holds
 * these figures and nobody's vector. From the project's root:
 *
 * <pre>
 * mvn -q test-compile exec:java -Dexec.mainClass=io.facestream.bench.PeopleStatistics \
 *     -Dexec.args="../shared/data/lfw-dev src/main/resources/bench/people-statistics.bin"
 * </pre>
 */
public final class PeopleStatistics {
    /** People with hundreds of photos would count for most of the covariance within people. */
    private static final int MOST_OF_ONE = 6;

    private PeopleStatistics() {}

    public static void main(String[] arguments) throws Exception {
        write(Path.of(arguments[1]), embed(Path.of(arguments[0])));
    }

    /** The vectors of each person's first photos, of the face nearest to the centre. */
    private static List<List<float[]>> embed(Path folder) throws Exception {
        Settings settings = Settings.load();
        byte[] weights = ShippedModel.weights();
        ModelVersion version = ShippedModel.version(weights);
        PictureDecoder decoder = new PictureDecoder(settings.get(PictureBounds.class));
        List<List<float[]>> people = new ArrayList<>();
        try (FaceDetectors detectors = FaceDetectors.load(settings.get(DetectionConfig.class));
                Network network = Network.load(version.version(), weights, ComputeDevice.CPU);
                FaceFinder finder = new FaceFinder(detectors.detector());
                FaceEmbedder embedder = new FaceEmbedder(network, version.inputSide())) {
            for (Path person : sorted(folder)) {
                List<float[]> vectors = new ArrayList<>();
                for (Path photo : Files.isDirectory(person) ? first(person) : List.<Path>of()) {
                    try (Picture picture = decoder.decode(Files.readAllBytes(photo))) {
                        List<FaceView> faces = finder.find(picture);
                        nearestToCentre(faces, picture)
                                .ifPresent(face ->
                                        vectors.add(embedder.embed(face.chip()).vector()));
                        faces.forEach(FaceView::close);
                    }
                }
                if (!vectors.isEmpty()) {
                    people.add(vectors);
                }
            }
        }
        return people;
    }

    private static List<Path> sorted(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static List<Path> first(Path person) throws IOException {
        return sorted(person).stream().limit(MOST_OF_ONE).toList();
    }

    private static Optional<FaceView> nearestToCentre(List<FaceView> faces, Picture picture) {
        double x = picture.rgb().cols() / 2.0;
        double y = picture.rgb().rows() / 2.0;
        return faces.stream().min(Comparator.comparingDouble(view -> {
            Box box = view.face().box();
            return Math.hypot(box.x() + box.width() / 2 - x, box.y() + box.height() / 2 - y);
        }));
    }

    /**
     * Writes the number of dimensions as an int, then as floats, in big-endian order: the mean, the covariance between
     * people and that within people, both as lower triangles row by row.
     */
    static void write(Path file, List<List<float[]>> people) throws IOException {
        int dimensions = people.get(0).get(0).length;
        List<double[]> centres = people.stream().map(PeopleStatistics::mean).toList();
        double[][] within = new double[dimensions][dimensions];
        int freedom = 0;
        double noise = 0;
        for (int i = 0; i < people.size(); i++) {
            for (float[] vector : people.get(i)) {
                addSquare(within, minus(vector, centres.get(i)), 1);
            }
            freedom += people.get(i).size() - 1;
            noise += 1.0 / people.get(i).size() / people.size();
        }
        scale(within, 1.0 / freedom);
        double[] mean = meanOf(centres);
        double[][] between = new double[dimensions][dimensions];
        for (double[] centre : centres) {
            double[] difference = new double[dimensions];
            for (int d = 0; d < dimensions; d++) {
                difference[d] = centre[d] - mean[d];
            }
            addSquare(between, difference, 1.0 / (centres.size() - 1));
        }
        // A centre of a few photos is off the person by the noise of those photos.
        for (int i = 0; i < dimensions; i++) {
            for (int j = 0; j < dimensions; j++) {
                between[i][j] -= noise * within[i][j];
            }
        }
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(dimensions);
            for (double x : mean) {
                out.writeFloat((float) x);
            }
            writeTriangle(out, withoutNegativeVariances(between));
            writeTriangle(out, within);
        }
    }

    private static double[] mean(List<float[]> vectors) {
        return meanOf(vectors.stream()
                .map(vector -> minus(vector, new double[vector.length]))
                .toList());
    }

    private static double[] meanOf(List<double[]> vectors) {
        double[] mean = new double[vectors.get(0).length];
        for (double[] vector : vectors) {
            for (int d = 0; d < mean.length; d++) {
                mean[d] += vector[d] / vectors.size();
            }
        }
        return mean;
    }

    private static double[] minus(float[] vector, double[] other) {
        double[] difference = new double[vector.length];
        for (int d = 0; d < vector.length; d++) {
            difference[d] = vector[d] - other[d];
        }
        return difference;
    }

    private static void addSquare(double[][] to, double[] vector, double weight) {
        for (int i = 0; i < vector.length; i++) {
            for (int j = 0; j < vector.length; j++) {
                to[i][j] += weight * vector[i] * vector[j];
            }
        }
    }

    private static void scale(double[][] matrix, double factor) {
        for (double[] row : matrix) {
            for (int j = 0; j < row.length; j++) {
                row[j] *= factor;
            }
        }
    }

    /** The nearest covariance: with the negative eigenvalues, which only sampling makes, set to 0. */
    private static double[][] withoutNegativeVariances(double[][] covariance) {
        int size = covariance.length;
        double[][] clipped = new double[size][size];
        try (Mat matrix = new Mat(size, size, CV_64F);
                Mat values = new Mat();
                Mat vectors = new Mat()) {
            try (DoubleIndexer cells = matrix.createIndexer()) {
                for (int i = 0; i < size; i++) {
                    cells.put(i, 0, covariance[i]);
                }
            }
            opencv_core.eigen(matrix, values, vectors);
            try (DoubleIndexer value = values.createIndexer();
                    DoubleIndexer vector = vectors.createIndexer()) {
                double[] direction = new double[size];
                for (int k = 0; k < size; k++) {
                    vector.get(k, 0, direction);
                    addSquare(clipped, direction, Math.max(0, value.get(k, 0)));
                }
            }
        }
        return clipped;
    }

    private static void writeTriangle(DataOutputStream out, double[][] matrix) throws IOException {
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j <= i; j++) {
                out.writeFloat((float) matrix[i][j]);
            }
        }
    }
}
