package io.facestream.faces.hog;

import java.util.Arrays;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Histograms of oriented gradients of a picture's cells, as in Felzenszwalb, Girshick, McAllester and Ramanan, "Object
 * Detection with Discriminatively Trained Part Based Models", IEEE Transactions on Pattern Analysis and Machine
 * Intelligence 32(9), 2010, section 6, of grey pictures, with both the 18 directions and the 9 orientations: {@value
 * #CHANNELS} features per cell.
 *
 * <p>The cells along the picture's edges have no features, because features depend on neighbours. An instance serves
 * one thread at a time and can be reused for further pictures.
 */
final class HogFeatures {
    /** 18 directions, 9 orientations without a sign, 4 of texture. */
    static final int CHANNELS = 31;

    /** Side of a cell in pixels. */
    static final int CELL = 8;

    private static final int DIRECTIONS = 18;
    private static final int ORIENTATIONS = 9;

    /** Features of a cell are clipped at this value. */
    private static final float CUT = 0.2f;

    /** Factors of the sums over a cell's four neighbourhoods, for directions and orientations, and for texture. */
    private static final float ORIENTED = 0.5f;

    private static final float TEXTURE = 0.2357f;

    /** Prevents a division by 0 for cells without any gradient. */
    private static final float EPSILON = 1e-4f;

    /** Differences of two bytes, -255 to 255. */
    private static final int DIFFERENCES = 511;

    /** The length of a gradient and its direction, 0 to 17, each of 20 degrees, by its y and x. */
    private static final float[] LENGTH = new float[DIFFERENCES * DIFFERENCES];

    private static final byte[] DIRECTION = new byte[DIFFERENCES * DIFFERENCES];

    static {
        for (int dy = -255; dy <= 255; dy++) {
            for (int dx = -255; dx <= 255; dx++) {
                int at = gradient(dx, dy);
                LENGTH[at] = (float) Math.sqrt(dx * dx + dy * dy);
                DIRECTION[at] = direction(dx, dy);
            }
        }
    }

    private byte[] luma = {};

    /** The picture's cells, including those at its edges. */
    private int rows;

    private int columns;

    /** Per cell: the gradients in each direction. */
    private float[] histograms = {};

    /** Per cell: the squared length of its histogram of orientations. */
    private float[] energies = {};

    /** One row of pixels, gathered into the cells of its columns; one cell more at either end. */
    private float[] gathered = {};

    private int[] cellOfColumn = {};
    private float[] shareOfNext = {};

    private static int gradient(int dx, int dy) {
        return (dy + 255) * DIFFERENCES + dx + 255;
    }

    /** The direction to which the gradient has the largest projection. */
    private static byte direction(int dx, int dy) {
        double largest = 0;
        int direction = 0;
        for (int i = 0; i < ORIENTATIONS; i++) {
            double projection = Math.cos(Math.PI * i / ORIENTATIONS) * dx + Math.sin(Math.PI * i / ORIENTATIONS) * dy;
            if (Math.abs(projection) > largest) {
                largest = Math.abs(projection);
                direction = projection > 0 ? i : i + ORIENTATIONS;
            }
        }
        return (byte) direction;
    }

    private static int cells(int pixels) {
        return Math.max(2, Math.round(pixels / (float) CELL));
    }

    /** Rows of cells that have features. */
    int rows() {
        return rows - 2;
    }

    /** The same for columns. */
    int columns() {
        return columns - 2;
    }

    /** Computes the features of a grey picture, {@code CV_8UC1} and continuous. */
    void compute(Mat grey) {
        int width = grey.cols();
        int height = grey.rows();
        if (luma.length < width * height) {
            luma = new byte[width * height];
        }
        grey.data().get(luma, 0, width * height);
        rows = cells(height);
        columns = cells(width);
        histograms = zeros(histograms, rows * columns * DIRECTIONS);
        energies = zeros(energies, rows * columns);
        gathered = zeros(gathered, (columns + 2) * DIRECTIONS);
        assignColumns(columns * CELL);
        int lastRow = Math.min(rows * CELL, height) - 1;
        for (int y = 1; y < lastRow; y++) {
            gather(width, y, Math.min(columns * CELL, width) - 1);
            float place = (y + 0.5f) / CELL - 0.5f;
            int row = (int) Math.floor(place);
            addGathered(row, 1 - (place - row));
            addGathered(row + 1, place - row);
        }
        for (int cell = 0; cell < rows * columns; cell++) {
            float energy = 0;
            for (int i = cell * DIRECTIONS; i < cell * DIRECTIONS + ORIENTATIONS; i++) {
                float both = histograms[i] + histograms[i + ORIENTATIONS];
                energy += both * both;
            }
            energies[cell] = energy;
        }
    }

    private static float[] zeros(float[] array, int length) {
        if (array.length < length) {
            return new float[length];
        }
        Arrays.fill(array, 0, length, 0);
        return array;
    }

    /** A pixel contributes to the two cells whose centres it lies between, more to the nearer one. */
    private void assignColumns(int width) {
        if (cellOfColumn.length >= width) {
            return;
        }
        cellOfColumn = new int[width];
        shareOfNext = new float[width];
        for (int x = 0; x < width; x++) {
            float place = (x + 0.5f) / CELL - 0.5f;
            int cell = (int) Math.floor(place);
            cellOfColumn[x] = (cell + 1) * DIRECTIONS;
            shareOfNext[x] = place - cell;
        }
    }

    private void gather(int width, int y, int lastColumn) {
        byte[] picture = luma;
        float[] row = gathered;
        int[] cells = cellOfColumn;
        float[] shares = shareOfNext;
        Arrays.fill(row, 0);
        int at = y * width + 1;
        for (int x = 1; x < lastColumn; x++, at++) {
            int dx = (picture[at + 1] & 0xff) - (picture[at - 1] & 0xff);
            int dy = (picture[at + width] & 0xff) - (picture[at - width] & 0xff);
            int gradient = gradient(dx, dy);
            float length = LENGTH[gradient];
            float ofNext = length * shares[x];
            int bin = cells[x] + DIRECTION[gradient];
            row[bin] += length - ofNext;
            row[bin + DIRECTIONS] += ofNext;
        }
    }

    private void addGathered(int row, float share) {
        if (row < 0 || row >= rows) {
            return;
        }
        float[] into = histograms;
        float[] from = gathered;
        int start = row * columns * DIRECTIONS;
        for (int i = 0; i < columns * DIRECTIONS; i++) {
            into[start + i] += share * from[DIRECTIONS + i];
        }
    }

    /**
     * Writes the features of a row of cells, {@value #CHANNELS} floats each, from {@code start} on.
     *
     * @param row 0 is the second row of cells, because the first has no features
     */
    void row(int row, float[] features, int start) {
        int at = start;
        for (int column = 1; column < columns - 1; column++, at += CHANNELS) {
            int cell = (row + 1) * columns + column;
            float upperLeft = scale(cell - columns - 1);
            float upperRight = scale(cell - columns);
            float lowerLeft = scale(cell - 1);
            float lowerRight = scale(cell);
            int histogram = cell * DIRECTIONS;
            float upperLeftSum = 0;
            float upperRightSum = 0;
            float lowerLeftSum = 0;
            float lowerRightSum = 0;
            for (int i = 0; i < DIRECTIONS; i++) {
                float length = histograms[histogram + i];
                float one = cut(length * upperLeft);
                float two = cut(length * upperRight);
                float three = cut(length * lowerLeft);
                float four = cut(length * lowerRight);
                features[at + i] = ORIENTED * (one + two + three + four);
                upperLeftSum += one;
                upperRightSum += two;
                lowerLeftSum += three;
                lowerRightSum += four;
            }
            for (int i = 0; i < ORIENTATIONS; i++) {
                float length = histograms[histogram + i] + histograms[histogram + i + ORIENTATIONS];
                features[at + DIRECTIONS + i] = ORIENTED
                        * (cut(length * upperLeft)
                                + cut(length * upperRight)
                                + cut(length * lowerLeft)
                                + cut(length * lowerRight));
            }
            int texture = at + DIRECTIONS + ORIENTATIONS;
            features[texture] = TEXTURE * lowerRightSum;
            features[texture + 1] = TEXTURE * upperRightSum;
            features[texture + 2] = TEXTURE * lowerLeftSum;
            features[texture + 3] = TEXTURE * upperLeftSum;
        }
    }

    /** The normalising factor for the neighbourhood of four cells whose upper left one is {@code cell}. */
    private float scale(int cell) {
        float energy = energies[cell] + energies[cell + 1] + energies[cell + columns] + energies[cell + columns + 1];
        return 1 / (float) Math.sqrt(energy + EPSILON);
    }

    private static float cut(float feature) {
        return feature < CUT ? feature : CUT;
    }
}
