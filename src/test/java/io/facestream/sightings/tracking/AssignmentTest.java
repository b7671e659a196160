package io.facestream.sightings.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AssignmentTest {
    private static final double NEVER = Double.POSITIVE_INFINITY;

    @Test
    void theWholeIsCheaperThanTheCheapestPairs() {
        // taking the cheapest pair first would cost 1 + 9
        int[] columns = Assignment.of(new double[][] {{1, 2}, {2, 9}}, 10);

        assertThat(columns).containsExactly(1, 0);
    }

    @Test
    void aRowStaysAloneRatherThanInADearPair() {
        assertThat(Assignment.of(new double[][] {{5, 9}, {4, 8}}, 6)).containsExactly(Assignment.NONE, 0);
        assertThat(Assignment.of(new double[][] {{NEVER}, {NEVER}}, 6))
                .containsExactly(Assignment.NONE, Assignment.NONE);
    }

    @Test
    void thereMayBeMoreRowsThanColumnsAndNone() {
        assertThat(Assignment.of(new double[][] {{3}, {1}, {2}}, 10))
                .containsExactly(Assignment.NONE, 0, Assignment.NONE);
        assertThat(Assignment.of(new double[0][], 10)).isEmpty();
        assertThat(Assignment.of(new double[][] {{}, {}}, 10)).containsExactly(Assignment.NONE, Assignment.NONE);
    }

    /** Against the enumeration of all assignments. */
    @Test
    void noOtherAssignmentIsCheaper() {
        Random random = new Random(3);
        for (int run = 0; run < 500; run++) {
            int rows = 1 + random.nextInt(5);
            int columns = random.nextInt(6);
            double[][] costs = new double[rows][columns];
            for (double[] row : costs) {
                for (int j = 0; j < columns; j++) {
                    row[j] = random.nextDouble() < 0.2 ? NEVER : random.nextDouble();
                }
            }

            int[] found = Assignment.of(costs, 0.7);

            double cost = 0;
            for (int i = 0; i < rows; i++) {
                cost += found[i] == Assignment.NONE ? 0.7 : costs[i][found[i]];
            }
            assertThat(cost).isCloseTo(cheapest(costs, 0, 0, 0.7), within(1e-9));
        }
    }

    private static double cheapest(double[][] costs, int row, int used, double alone) {
        if (row == costs.length) {
            return 0;
        }
        double least = alone + cheapest(costs, row + 1, used, alone);
        for (int j = 0; j < costs[row].length; j++) {
            if ((used & 1 << j) == 0 && costs[row][j] <= alone) {
                least = Math.min(least, costs[row][j] + cheapest(costs, row + 1, used | 1 << j, alone));
            }
        }
        return least;
    }
}
