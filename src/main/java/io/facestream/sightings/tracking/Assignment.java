package io.facestream.sightings.tracking;

import java.util.Arrays;

/**
 * The cheapest assignment of rows to columns, by shortest augmenting paths (Kuhn, "The Hungarian method for the
 * assignment problem", 1955, in the form of Jonker and Volgenant, Computing 38, 1987). A row may stay alone at a price.
 */
final class Assignment {
    /** Of a row that stays alone. */
    static final int NONE = -1;

    private Assignment() {}

    /**
     * @param costs of a row and a column, finite or positive infinity where they must not meet; all rows are as long
     * @param alone the price of a row that stays alone, finite; no dearer pair is made
     * @return the column of each row, or {@link #NONE}
     */
    static int[] of(double[][] costs, double alone) {
        int rows = costs.length;
        if (rows == 0) {
            return new int[0];
        }
        int columns = costs[0].length;
        // A column of its own for each row, in which it stays alone. Numbers are from 1, 0 is the row to place.
        int all = columns + rows;
        double[] rowPrices = new double[rows + 1];
        double[] columnPrices = new double[all + 1];
        int[] rowOf = new int[all + 1];
        for (int row = 1; row <= rows; row++) {
            place(row, costs, alone, rowPrices, columnPrices, rowOf);
        }
        int[] columnOf = new int[rows];
        Arrays.fill(columnOf, NONE);
        for (int column = 1; column <= columns; column++) {
            if (rowOf[column] > 0) {
                columnOf[rowOf[column] - 1] = column - 1;
            }
        }
        return columnOf;
    }

    private static void place(
            int row, double[][] costs, double alone, double[] rowPrices, double[] columnPrices, int[] rowOf) {
        int all = columnPrices.length - 1;
        double[] least = new double[all + 1];
        int[] cameFrom = new int[all + 1];
        boolean[] done = new boolean[all + 1];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        rowOf[0] = row;
        int column = 0;
        do {
            done[column] = true;
            int at = rowOf[column];
            double step = Double.POSITIVE_INFINITY;
            int next = 0;
            for (int j = 1; j <= all; j++) {
                if (done[j]) {
                    continue;
                }
                double reduced = cost(costs, alone, at, j) - rowPrices[at] - columnPrices[j];
                if (reduced < least[j]) {
                    least[j] = reduced;
                    cameFrom[j] = column;
                }
                if (least[j] < step) {
                    step = least[j];
                    next = j;
                }
            }
            for (int j = 0; j <= all; j++) {
                if (done[j]) {
                    rowPrices[rowOf[j]] += step;
                    columnPrices[j] -= step;
                } else {
                    least[j] -= step;
                }
            }
            column = next;
        } while (rowOf[column] != 0);
        while (column != 0) {
            int before = cameFrom[column];
            rowOf[column] = rowOf[before];
            column = before;
        }
    }

    private static double cost(double[][] costs, double alone, int row, int column) {
        int columns = costs[0].length;
        if (column <= columns) {
            double cost = costs[row - 1][column - 1];
            return cost > alone ? Double.POSITIVE_INFINITY : cost;
        }
        return column - columns == row ? alone : Double.POSITIVE_INFINITY;
    }
}
