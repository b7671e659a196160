package io.facestream.faces.hog;

import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The filters of {@link HogDetector}: linear classifiers of windows of {@value #SIDE}x{@value #SIDE} cells, for faces
 * that look ahead, left or right, or are tilted left or right. Shared by the detectors of all threads; close it after
 * them.
 *
 * <p>The file {@code models/hog-faces.bin} holds little-endian floats for each filter: its threshold, then a weight for
 * each row, column and feature of {@link HogFeatures}, the feature varying fastest.
 */
public final class HogFilters implements AutoCloseable {
    static final int COUNT = 5;

    /** Cells along a side of a window. */
    static final int SIDE = 10;

    /** Weights of a row of a window. */
    static final int ROW = SIDE * HogFeatures.CHANNELS;

    private static final String RESOURCE = "/models/hog-faces.bin";

    private final FloatPointer weights = new FloatPointer((long) COUNT * SIDE * ROW);
    private final float[] thresholds = new float[COUNT];

    private HogFilters(ByteBuffer file) {
        float[] filter = new float[SIDE * ROW];
        for (int i = 0; i < COUNT; i++) {
            thresholds[i] = file.getFloat();
            for (int j = 0; j < filter.length; j++) {
                filter[j] = file.getFloat();
            }
            weights.position((long) i * filter.length).put(filter);
        }
        weights.position(0);
    }

    /**
     * Loads the filters that ship with FaceStream. Frames are processed in parallel, so each matrix product uses one
     * thread.
     */
    public static HogFilters load() {
        blas_set_num_threads(1);
        try (InputStream resource = HogFilters.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("the build lacks " + RESOURCE);
            }
            return new HogFilters(ByteBuffer.wrap(resource.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A read-only matrix in native memory: a row of {@value #ROW} weights for each row of each filter. */
    FloatPointer weights() {
        return weights;
    }

    /** The least sum of weighted features of a window with a face. */
    float threshold(int filter) {
        return thresholds[filter];
    }

    @Override
    public void close() {
        weights.close();
    }
}
