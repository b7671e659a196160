package io.facestream.networks;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * Checks that a network works as a recognition network and is intact inside. It must take {@code uint8 [n, side, side,
 * 3]}, RGB, for any n, and yield {@code embedding}: {@code float [n, dimensions]}, finite, not zero, and different for
 * different pictures.
 */
public final class NetworkProbe {
    private static final int PICTURES = 3;

    /** The most dimensions that pgvector can index. */
    private static final int MOST_DIMENSIONS = 2_000;

    /** Unit vectors of unrelated pictures are much farther apart; rounding errors are much smaller. */
    private static final double SAME = 1e-3;

    private NetworkProbe() {}

    /**
     * Runs the network on noise, on black and white, and on photos.
     *
     * @param name for messages
     * @return the dimensions of its embeddings
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static int dimensions(String name, byte[] savedModel, int side) {
        try (Network network = Network.load(name, savedModel, ComputeDevice.CPU);
                Predictor<PixelBatch, float[][]> predictor = network.newPredictor(new Rows(name))) {
            ByteBuffer pixels = pictures(side);
            float[][] together = predictor.predict(new PixelBatch(pixels, PICTURES, side, side));
            float[][] alone = predictor.predict(new PixelBatch(pixels, 1, side, side));
            check(name, together, alone);
            ProbePictures probes = ProbePictures.of(side);
            float[][] ofProbes = predictor.predict(new PixelBatch(probes.pixels(), probes.count(), side, side));
            for (int i = 0; i < ofProbes.length; i++) {
                unit(name + ", shown " + probes.names().get(i) + ",", ofProbes[i]);
            }
            Network.unpacked(
                    name,
                    savedModel,
                    folder -> NetworkInsides.check(name, folder, probes.pixels(), probes.count(), side));
            return together[0].length;
        } catch (TranslateException | RuntimeException e) {
            if (e instanceof IllegalArgumentException refused && e.getCause() == null) {
                throw refused;
            }
            throw new IllegalArgumentException(
                    name + " does not run on uint8 [" + PICTURES + ", " + side + ", " + side + ", 3]: "
                            + rootCause(e).getMessage(),
                    e);
        }
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Noise, different in each picture. */
    private static ByteBuffer pictures(int side) {
        byte[] noise = new byte[PICTURES * side * side * 3];
        new Random(1).nextBytes(noise);
        return ByteBuffer.allocateDirect(noise.length).put(noise).flip();
    }

    private static void check(String name, float[][] together, float[][] alone) {
        if (together.length != PICTURES || alone.length != 1) {
            throw new IllegalArgumentException(name + " yields " + together.length + " embeddings of " + PICTURES
                    + " pictures, and " + alone.length + " of one");
        }
        int dimensions = together[0].length;
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw new IllegalArgumentException(
                    name + " yields " + dimensions + " dimensions: 1 to " + MOST_DIMENSIONS + " can be searched");
        }
        double[][] units = new double[PICTURES][];
        for (int i = 0; i < PICTURES; i++) {
            units[i] = unit(name, together[i]);
        }
        for (int i = 0; i < PICTURES; i++) {
            if (distance(units[i], units[(i + 1) % PICTURES]) < SAME) {
                throw new IllegalArgumentException(name + " yields the same embedding for different pictures");
            }
        }
        if (distance(units[0], unit(name, alone[0])) > SAME) {
            throw new IllegalArgumentException(
                    name + " embeds a picture differently alone and among others: normalise by fixed averages");
        }
    }

    private static double[] unit(String name, float[] output) {
        double squares = 0;
        for (float x : output) {
            squares += (double) x * x;
        }
        double length = Math.sqrt(squares);
        if (!(length > 0 && length < Float.MAX_VALUE)) {
            throw new IllegalArgumentException(name + " yields an embedding of length " + length
                    + ": it must be above 0, and every number finite");
        }
        double[] unit = new double[output.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = output[i] / length;
        }
        return unit;
    }

    private static double distance(double[] a, double[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(squares);
    }

    private static final class Rows extends PixelBatch.Translator<float[][]> {
        private final String name;

        Rows(String name) {
            this.name = name;
        }

        @Override
        public float[][] processOutput(TranslatorContext context, NDList outputs) {
            NDArray embeddings = outputs.get("embedding");
            if (embeddings == null
                    || embeddings.getDataType() != DataType.FLOAT32
                    || embeddings.getShape().dimension() != 2) {
                throw new IllegalArgumentException(
                        name + " does not yield embedding: float [n, dimensions], but " + outputs);
            }
            float[] values = embeddings.toFloatArray();
            int dimensions = (int) embeddings.getShape().get(1);
            float[][] rows = new float[(int) embeddings.getShape().get(0)][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = Arrays.copyOfRange(values, i * dimensions, (i + 1) * dimensions);
            }
            return rows;
        }
    }
}
