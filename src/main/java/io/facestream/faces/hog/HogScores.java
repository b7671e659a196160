package io.facestream.faces.hog;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Applies the filters to every window of a picture's cells by matrix products. A product multiplies each row of each
 * filter by each row of cells of each window. Windows that are {@link HogFilters#SIDE} cells apart do not overlap, so
 * the features in memory already form such a matrix, one for each of the ten columns in which windows can begin.
 *
 * <p>Windows may extend beyond the cells; features are 0 there.
 */
final class HogScores implements AutoCloseable {
    private static final int SIDE = HogFilters.SIDE;

    /** The number of rows or columns before the first cell at which windows may begin. */
    private static final int BORDER = (SIDE - 1) / 2;

    private static final int FILTER_ROWS = HogFilters.COUNT * SIDE;

    private final HogFilters filters;
    private FloatPointer features = new FloatPointer(0L);
    private FloatPointer products = new FloatPointer(0L);
    private float[] row = {};
    private float[] sums = {};
    private float[] product = {};

    HogScores(HogFilters filters) {
        this.filters = filters;
    }

    /** Receives the windows found. */
    @FunctionalInterface
    interface Windows {
        /**
         * @param x of the window's middle, in pixels of the picture; likewise y
         * @param score by how much the window's sum exceeds the filter's threshold
         */
        void add(int x, int y, float score);
    }

    /** Finds the windows whose score is at least {@code threshold}. */
    void search(HogFeatures cells, float threshold, Windows windows) {
        int rows = cells.rows();
        int columns = cells.columns();
        int blocks = (columns + SIDE - 1 + SIDE - 1) / SIDE;
        int paddedRows = rows + SIDE - 1;
        layOut(cells, blocks, paddedRows);
        int count = paddedRows * blocks;
        products = atLeast(products, (long) FILTER_ROWS * count);
        if (product.length < FILTER_ROWS * count) {
            product = new float[FILTER_ROWS * count];
        }
        int scored = rows * blocks;
        if (sums.length < scored) {
            sums = new float[scored];
        }
        for (int first = 0; first < SIDE; first++) {
            cblas_sgemm(
                    CblasRowMajor,
                    CblasNoTrans,
                    CblasTrans,
                    FILTER_ROWS,
                    count,
                    HogFilters.ROW,
                    1,
                    filters.weights(),
                    HogFilters.ROW,
                    features.position((long) first * HogFeatures.CHANNELS),
                    HogFilters.ROW,
                    0,
                    products,
                    count);
            products.get(product, 0, FILTER_ROWS * count);
            for (int filter = 0; filter < HogFilters.COUNT; filter++) {
                sum(filter, count, blocks, scored);
                float enough = filters.threshold(filter) + threshold;
                for (int i = 0; i < scored; i++) {
                    if (sums[i] >= enough) {
                        int column = i % blocks * SIDE + first;
                        if (column < columns) {
                            windows.add(middle(column), middle(i / blocks), sums[i] - filters.threshold(filter));
                        }
                    }
                }
            }
        }
    }

    /**
     * The centre in pixels of a window that begins at that padded cell, counting the cells without features at the
     * edge.
     */
    private static int middle(int first) {
        return (first - BORDER + 1 + SIDE / 2) * HogFeatures.CELL;
    }

    /** Adds up the products of a filter's rows with ten consecutive rows of cells. */
    private void sum(int filter, int count, int blocks, int scored) {
        float[] into = sums;
        float[] from = product;
        Arrays.fill(into, 0, scored, 0);
        for (int row = 0; row < SIDE; row++) {
            int start = (filter * SIDE + row) * count + row * blocks;
            for (int i = 0; i < scored; i++) {
                into[i] += from[start + i];
            }
        }
    }

    /** Copies the features to rows of {@code blocks} times ten cells, with the border around the picture's cells. */
    private void layOut(HogFeatures cells, int blocks, int paddedRows) {
        int width = blocks * HogFilters.ROW;
        features = atLeast(features, (long) paddedRows * width + HogFilters.ROW);
        if (row.length < width) {
            row = new float[width];
        }
        for (int y = 0; y < paddedRows; y++) {
            Arrays.fill(row, 0, width, 0);
            int cellRow = y - BORDER;
            if (cellRow >= 0 && cellRow < cells.rows()) {
                cells.row(cellRow, row, BORDER * HogFeatures.CHANNELS);
            }
            features.position((long) y * width).put(row, 0, width);
        }
        Arrays.fill(row, 0, HogFilters.ROW, 0);
        features.position((long) paddedRows * width).put(row, 0, HogFilters.ROW);
        features.position(0);
    }

    private static FloatPointer atLeast(FloatPointer pointer, long size) {
        if (pointer.capacity() >= size) {
            return pointer;
        }
        pointer.close();
        return new FloatPointer(size);
    }

    @Override
    public void close() {
        features.close();
        products.close();
    }
}
