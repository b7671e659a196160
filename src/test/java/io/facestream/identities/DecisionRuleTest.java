package io.facestream.identities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.facestream.gallery.Neighbour;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionRuleTest {
    private final DecisionRule rule = new DecisionRule(1.0f, 0.25f);

    @ParameterizedTest(name = "distances {0}: {1}")
    @CsvSource({
        "'', UNKNOWN",
        "0.5, KNOWN",
        "1.0, KNOWN",
        "1.0000001, UNKNOWN",
        "0.5 0.75, KNOWN",
        "0.5 0.74, AMBIGUOUS",
        "0.5 0.5, AMBIGUOUS",
        "0.9 1.1, AMBIGUOUS",
        "0.9 1.5, KNOWN",
        "1.1 1.9, UNKNOWN",
        "1.1 1.1, UNKNOWN",
        "0.5 0.8 0.8, KNOWN"
    })
    void theNearestIsKnownWithinTheThresholdAndApartFromTheRunnerUp(
            String distances, Identification.Decision expected) {
        assertThat(rule.decide(neighbours(distances)).decision()).isEqualTo(expected);
    }

    @Test
    void whoIsKnownOrWhoIsConfusedIsTold() {
        List<Neighbour> apart = neighbours("0.5 0.8");
        List<Neighbour> close = neighbours("0.5 0.6 0.61");

        assertThat(rule.decide(apart)).isEqualTo(new Identification.Known(apart.get(0)));
        assertThat(rule.decide(close)).isEqualTo(new Identification.Ambiguous(close.get(0), close.get(1)));
    }

    @Test
    void withoutASeparationTheNearestIsKnownAlsoBesideATwin() {
        assertThat(new DecisionRule(1, 0).decide(neighbours("0.5 0.5")).decision())
                .isEqualTo(Identification.Decision.KNOWN);
    }

    @Test
    void theMorePhotosATemplateAveragesTheNearerAFaceMustBe() {
        DecisionRule averaging = new DecisionRule(1.0f, 0.25f, 0.03);

        assertThat(averaging.of(1).threshold()).isEqualTo(1.0f);
        // The cosine 0.5 becomes 0.5 / (1 - 0.03 * 2 / 3).
        assertThat(averaging.of(3).threshold()).isCloseTo((float) Math.sqrt(2 - 1 / 0.98), within(1e-6f));
        assertThat(averaging.of(1_000).threshold()).isLessThan(averaging.of(3).threshold());
    }

    @Test
    void theThresholdIsThatOfTheNearestTemplate() {
        DecisionRule averaging = new DecisionRule(1.0f, 0.25f, 0.03);

        assertThat(averaging.decide(List.of(new Neighbour(new UUID(0, 1), "Ada", 0.999f, 1))))
                .isInstanceOf(Identification.Known.class);
        assertThat(averaging.decide(List.of(new Neighbour(new UUID(0, 1), "Ada", 0.999f, 3))))
                .isInstanceOf(Identification.Unknown.class);
    }

    @ParameterizedTest
    @CsvSource({"0.5, NOT_THIS_PERSON", "1.1, "})
    void whoWasRuledOutIsNobodyWithAReasonWhereTheyWouldBeNearEnough(float distance, Identification.Reason reason) {
        Neighbour bob = new Neighbour(new UUID(0, 1), "Bob", distance, 1, true);
        Neighbour ada = new Neighbour(new UUID(0, 2), "Ada", distance + 0.01f);

        assertThat(rule.decide(List.of(bob, ada))).isEqualTo(new Identification.Unknown(reason));
    }

    @Test
    void thatTheRunnerUpWasRuledOutChangesNothing() {
        Neighbour ada = new Neighbour(new UUID(0, 2), "Ada", 0.5f);
        Neighbour bob = new Neighbour(new UUID(0, 1), "Bob", 0.9f, 1, true);

        assertThat(rule.decide(List.of(ada, bob))).isEqualTo(new Identification.Known(ada));
    }

    @ParameterizedTest
    @CsvSource({"-0.1, 0.1", "2.1, 0.1", "NaN, 0.1", "1, -0.1", "1, 2.1", "1, NaN"})
    void aRuleIsMadeOfDistances(float threshold, float separation) {
        assertThatIllegalArgumentException().isThrownBy(() -> new DecisionRule(threshold, separation));
    }

    private static List<Neighbour> neighbours(String distances) {
        float[] values = distances.isEmpty() ? new float[0] : floats(distances);
        return IntStream.range(0, values.length)
                .mapToObj(i -> new Neighbour(new UUID(0, i), "person " + i, values[i]))
                .toList();
    }

    private static float[] floats(String text) {
        List<Float> values =
                Arrays.stream(text.split(" ", -1)).map(Float::valueOf).toList();
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }
}
