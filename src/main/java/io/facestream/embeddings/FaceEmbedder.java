package io.facestream.embeddings;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.flip;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.facestream.faces.FaceAligner;
import io.facestream.frames.Picture;
import io.facestream.networks.Network;
import io.facestream.networks.PixelBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Embeds chips with a recognition network. An instance serves one thread at a time; the network is shared.
 *
 * <p>The network takes the middle of each chip as {@code uint8 [n, size, size, 3]}, RGB, and yields {@code embedding}:
 * {@code float [n, dimensions]}, not normalised.
 */
public final class FaceEmbedder implements AutoCloseable {
    /** The network that ships with FaceStream: MobileFaceNet (Chen et al. 2018), 112x112 to 192 dimensions. */
    public static final String MOBILE_FACE_NET = "mobilefacenet";

    /** Chips per run on a CPU. Larger batches gain nothing there. */
    static final int BATCH = 8;

    /** Chips per run on a GPU, which a few would leave idle. */
    private static final int GPU_BATCH = 128;

    /** The most chips per run, which bounds its memory. */
    public static final int LARGEST_BATCH = 1_024;

    private static final int HORIZONTALLY = 1;

    private final int inputSize;
    private final int batch;
    private final Predictor<PixelBatch, float[][]> predictor;
    private final BytePointer pixels;

    /**
     * @param network to be closed after this embedder, by the caller
     * @param inputSize width and height in pixels of the network's input, cut from the middle of a chip, at most
     *     {@value FaceAligner#CHIP_SIZE}
     */
    public FaceEmbedder(Network network, int inputSize) {
        this(network, inputSize, network.runsOnGpu() ? GPU_BATCH : BATCH);
    }

    /**
     * Like {@link #FaceEmbedder(Network, int)}, for another number of chips per run.
     *
     * @param batch 1 to {@value #LARGEST_BATCH}
     */
    public FaceEmbedder(Network network, int inputSize, int batch) {
        if (batch < 1 || batch > LARGEST_BATCH) {
            throw new IllegalArgumentException("chips per run: 1 to " + LARGEST_BATCH + ", not " + batch);
        }
        if (inputSize < 1 || inputSize > FaceAligner.CHIP_SIZE) {
            throw new IllegalArgumentException(
                    "a chip has no middle of " + inputSize + " px: its size is " + FaceAligner.CHIP_SIZE);
        }
        this.inputSize = inputSize;
        this.batch = batch;
        this.predictor = network.newPredictor(new RowsTranslator());
        this.pixels = new BytePointer((long) batch * bytesPerChip());
    }

    /**
     * The embeddings of chips, in their order.
     *
     * @throws IllegalArgumentException if a chip is not {@value FaceAligner#CHIP_SIZE} px wide and high
     * @throws NoEmbeddingException if the network yields no valid embedding
     */
    public List<Embedding> embed(List<Picture> chips) {
        return embeddings(run(chips, false));
    }

    /** @throws NoEmbeddingException if the network yields no valid embedding */
    public Embedding embed(Picture chip) {
        return embed(List.of(chip)).get(0);
    }

    /** Like {@link #embed(List)}, but returns empty for a chip without a valid embedding instead of failing all. */
    public List<Optional<Embedding>> embedEach(List<Picture> chips) {
        List<Optional<Embedding>> embeddings = new ArrayList<>(chips.size());
        for (float[] output : run(chips, false)) {
            embeddings.add(
                    Embedding.isDirection(output) ? Optional.of(Embedding.ofNetworkOutput(output)) : Optional.empty());
        }
        return embeddings;
    }

    /**
     * The embeddings of chips, each averaged with that of its mirror image. The direction is that of the sum of the two
     * unit vectors; the norm is that of the chip itself. Takes twice the time.
     *
     * @throws NoEmbeddingException if the network yields no valid embedding
     */
    public List<Embedding> embedWithMirrorImage(List<Picture> chips) {
        List<Embedding> straight = embed(chips);
        List<Embedding> mirrored = embeddings(run(chips, true));
        List<float[]> sums = new ArrayList<>();
        for (int i = 0; i < chips.size(); i++) {
            float[] sum = straight.get(i).vector();
            float[] mirror = mirrored.get(i).vector();
            for (int d = 0; d < sum.length; d++) {
                sum[d] += mirror[d];
            }
            sums.add(sum);
        }
        List<Embedding> directions = embeddings(sums);
        List<Embedding> averaged = new ArrayList<>();
        for (int i = 0; i < chips.size(); i++) {
            averaged.add(Embedding.ofUnitVector(
                    directions.get(i).vector(), straight.get(i).norm()));
        }
        return averaged;
    }

    private static List<Embedding> embeddings(List<float[]> outputs) {
        List<Embedding> embeddings = new ArrayList<>(outputs.size());
        for (float[] output : outputs) {
            try {
                embeddings.add(Embedding.ofNetworkOutput(output));
            } catch (IllegalArgumentException e) {
                throw new NoEmbeddingException(
                        embeddings.size(), "the network yields no valid embedding of a chip: " + e.getMessage(), e);
            }
        }
        return embeddings;
    }

    private List<float[]> run(List<Picture> chips, boolean mirrored) {
        List<float[]> outputs = new ArrayList<>();
        for (int start = 0; start < chips.size(); start += batch) {
            List<Picture> together = chips.subList(start, Math.min(start + batch, chips.size()));
            for (int i = 0; i < together.size(); i++) {
                copyMiddle(together.get(i), mirrored, i);
            }
            outputs.addAll(Arrays.asList(run(together.size())));
        }
        return outputs;
    }

    private float[][] run(int count) {
        try {
            return predictor.predict(new PixelBatch(pixels.asByteBuffer(), count, inputSize, inputSize));
        } catch (TranslateException e) {
            throw new IllegalStateException("the network failed on a batch of " + count + " chips", e);
        }
    }

    private void copyMiddle(Picture chip, boolean mirrored, int slot) {
        if (chip.width() != FaceAligner.CHIP_SIZE || chip.height() != FaceAligner.CHIP_SIZE) {
            throw new IllegalArgumentException("a chip is " + FaceAligner.CHIP_SIZE + " px wide and high, not "
                    + chip.width() + "x" + chip.height());
        }
        int margin = (FaceAligner.CHIP_SIZE - inputSize) / 2;
        try (Rect rectangle = new Rect(margin, margin, inputSize, inputSize);
                Mat middle = chip.rgb().apply(rectangle);
                Mat target = new Mat(inputSize, inputSize, CV_8UC3, pixels.getPointer((long) slot * bytesPerChip()))) {
            if (mirrored) {
                flip(middle, target, HORIZONTALLY);
            } else {
                middle.copyTo(target);
            }
        }
    }

    private int bytesPerChip() {
        return 3 * inputSize * inputSize;
    }

    @Override
    public void close() {
        predictor.close();
        pixels.close();
    }

    private static final class RowsTranslator extends PixelBatch.Translator<float[][]> {
        @Override
        public float[][] processOutput(TranslatorContext context, NDList outputs) {
            NDArray embeddings = outputs.get("embedding");
            float[] values = embeddings.toFloatArray();
            int dimensions = (int) embeddings.getShape().get(1);
            float[][] rows = new float[values.length / dimensions][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = Arrays.copyOfRange(values, i * dimensions, (i + 1) * dimensions);
            }
            return rows;
        }
    }
}
