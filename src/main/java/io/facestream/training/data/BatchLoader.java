package io.facestream.training.data;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.facestream.frames.Picture;
import io.facestream.training.data.BatchPlan.Slot;
import io.facestream.training.network.NetworkGraph;
import io.facestream.training.network.TrainingBatch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Reads the photos of batches and augments them. One thread at a time may use it, while another trains on the previous
 * batch.
 */
public final class BatchLoader implements AutoCloseable {
    private static final long PHOTO_BYTES = 3L * NetworkGraph.INPUT_SIDE * NetworkGraph.INPUT_SIDE;

    private final ChipStore chips;
    private final Augmenter augmenter;
    private final Optional<ClearEmbeddings> base;
    private final Optional<ClearEmbeddings> teacher;
    private final float cleanWeight;
    private final BytePointer[] buffers = {new BytePointer(0L), new BytePointer(0L)};
    private int loaded;

    /** For batches without targets and teacher. */
    public BatchLoader(ChipStore chips, Augmenter augmenter) {
        this(chips, augmenter, Optional.empty(), 1, Optional.empty());
    }

    /**
     * @param base gives the targets; the caller closes it
     * @param teacher the caller closes it
     */
    public BatchLoader(
            ChipStore chips,
            Augmenter augmenter,
            Optional<ClearEmbeddings> base,
            double cleanWeight,
            Optional<ClearEmbeddings> teacher) {
        this.chips = chips;
        this.augmenter = augmenter;
        this.base = base;
        this.teacher = teacher;
        this.cleanWeight = (float) cleanWeight;
    }

    public TrainingBatch load(List<Slot> slots) throws IOException {
        BytePointer pixels = buffer(slots.size());
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            try (Picture chip = chips.read(slot.chip());
                    Mat place = new Mat(
                            NetworkGraph.INPUT_SIDE,
                            NetworkGraph.INPUT_SIDE,
                            CV_8UC3,
                            pixels.getPointer(i * PHOTO_BYTES))) {
                augmenter.apply(chip, slot.far(), new Random(slot.seed()), place);
            }
        }
        int[] people = slots.stream().mapToInt(Slot::person).toArray();
        float[][] targets = {};
        float[] weights = {};
        List<Integer> indexes = slots.stream().map(Slot::chip).toList();
        if (base.isPresent()) {
            targets = base.get().of(indexes);
            weights = new float[slots.size()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = slots.get(i).far() ? 1 : cleanWeight;
            }
        }
        float[][] teacherVectors = teacher.isPresent() ? teacher.get().of(indexes) : new float[0][];
        return new TrainingBatch(pixels.asByteBuffer(), people, targets, weights, teacherVectors);
    }

    private BytePointer buffer(int photos) {
        int turn = loaded++ % buffers.length;
        if (buffers[turn].capacity() < photos * PHOTO_BYTES) {
            buffers[turn].close();
            buffers[turn] = new BytePointer(photos * PHOTO_BYTES);
        }
        return buffers[turn];
    }

    @Override
    public void close() {
        for (BytePointer buffer : buffers) {
            buffer.close();
        }
    }
}
