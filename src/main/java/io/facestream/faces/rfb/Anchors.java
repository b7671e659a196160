package io.facestream.faces.rfb;

import io.facestream.faces.Box;
import java.util.ArrayList;
import java.util.List;

/**
 * What the proposing network says about its anchors: squares of fixed sizes around places on four grids. They follow
 * one another grid by grid, the finest first, row by row, place by place, the smallest first. Steps, sizes and the
 * decoding of boxes are those that the network was trained with ({@code vision/ssd/config/fd_config.py} and {@code
 * vision/utils/box_utils.py} of its project).
 *
 * @param scores one per anchor: the probability that a face is there, 0 to 1
 * @param offsets four per anchor: of the face's centre from the place, x and y, in tenths of the anchor's side, and the
 *     logarithms of the face's width and height by the anchor's side, in fifths
 */
@SuppressWarnings("ArrayRecordComponent") // a view of a network's output, never compared
record Anchors(float[] scores, float[] offsets) {
    /** Pixels between two places. */
    private static final int[] STEPS = {8, 16, 32, 64};

    /** Sides in pixels of the anchors at each place. */
    private static final float[][] SIDES = {{10, 16, 24}, {32, 48}, {64, 96}, {128, 192, 256}};

    private static final float CENTRE_VARIANCE = 0.1f;
    private static final float SIZE_VARIANCE = 0.2f;

    /** Bounds exp(), so that every box is finite: a face is at most 55 times as large as its anchor. */
    private static final float LARGEST_LOGARITHM = 4;

    /**
     * Where a face may be.
     *
     * @param face in pixels of the network's input
     */
    record Proposal(Box face, float score) {}

    /** The number of anchors of a picture. */
    static int count(int width, int height) {
        int count = 0;
        for (int grid = 0; grid < STEPS.length; grid++) {
            count += places(width, grid) * places(height, grid) * SIDES[grid].length;
        }
        return count;
    }

    private static int places(int length, int grid) {
        return (length + STEPS[grid] - 1) / STEPS[grid];
    }

    /**
     * The faces with at least that score.
     *
     * @param width of the network's input, in pixels
     * @param height of the network's input, in pixels
     */
    List<Proposal> atLeast(float score, int width, int height) {
        if (scores.length != count(width, height)) {
            throw new IllegalArgumentException(scores.length + " anchors are not those of " + width + "x" + height);
        }
        List<Proposal> proposals = new ArrayList<>();
        int anchor = 0;
        for (int grid = 0; grid < STEPS.length; grid++) {
            int columns = places(width, grid);
            int rows = places(height, grid);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    for (float side : SIDES[grid]) {
                        if (scores[anchor] >= score) {
                            float x = (column + 0.5f) * STEPS[grid];
                            float y = (row + 0.5f) * STEPS[grid];
                            proposals.add(new Proposal(face(anchor, x, y, side), scores[anchor]));
                        }
                        anchor++;
                    }
                }
            }
        }
        return proposals;
    }

    private Box face(int anchor, float x, float y, float side) {
        float width = side * size(offsets[4 * anchor + 2]);
        float height = side * size(offsets[4 * anchor + 3]);
        float centreX = x + CENTRE_VARIANCE * offsets[4 * anchor] * side;
        float centreY = y + CENTRE_VARIANCE * offsets[4 * anchor + 1] * side;
        return new Box(centreX - width / 2, centreY - height / 2, width, height);
    }

    private static float size(float logarithm) {
        float bounded = Math.max(-LARGEST_LOGARITHM, Math.min(LARGEST_LOGARITHM, SIZE_VARIANCE * logarithm));
        return (float) Math.exp(bounded);
    }
}
