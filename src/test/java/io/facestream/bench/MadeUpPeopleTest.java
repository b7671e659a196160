package io.facestream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MadeUpPeopleTest {
    private final MadeUpPeople people = MadeUpPeople.shipped();
    private final SplittableRandom random = new SplittableRandom(1);

    /** The distances of first photos of 1,241 people of LFW under the shipped network, measured by themselves. */
    @Test
    void theirPhotosLieAsFarApartAsThoseOfRealPeople() {
        List<float[]> centres =
                IntStream.range(0, 600).mapToObj(i -> people.person(random)).toList();
        List<float[]> first =
                centres.stream().map(centre -> people.photos(centre, 1, random)).toList();
        List<float[]> second =
                centres.stream().map(centre -> people.photos(centre, 1, random)).toList();

        double[] genuine = IntStream.range(0, first.size())
                .mapToDouble(i -> distance(first.get(i), second.get(i)))
                .sorted()
                .toArray();
        double[] impostor = IntStream.range(0, first.size())
                .boxed()
                .flatMapToDouble(i -> IntStream.range(0, i).mapToDouble(j -> distance(first.get(i), second.get(j))))
                .sorted()
                .toArray();

        assertThat(genuine[genuine.length / 2]).isCloseTo(0.69, within(0.03));
        assertThat(impostor[impostor.length / 2]).isCloseTo(1.405, within(0.01));
        assertThat(impostor[impostor.length / 100]).isCloseTo(1.14, within(0.02));
        assertThat(impostor[impostor.length / 1_000]).isCloseTo(1.05, within(0.03));
    }

    @Test
    void aTemplateOfMorePhotosIsNearerToAProbeOfItsPerson() {
        double one = 0;
        double many = 0;
        for (int i = 0; i < 200; i++) {
            float[] person = people.person(random);
            float[] probe = people.photos(person, 1, random);
            one += distance(people.photos(person, 1, random), probe);
            many += distance(people.photos(person, 8, random), probe);
        }

        assertThat(many).isLessThan(0.9 * one);
    }

    @Test
    void vectorsHaveUnitLength() {
        float[] vector = people.photos(people.person(random), 3, random);

        assertThat(vector).hasSize(192);
        assertThat(distance(vector, new float[192])).isCloseTo(1, within(1e-5));
    }

    @Test
    void whatIsNoCovarianceIsRefused() {
        double[][] covariance = {{1, 2}, {2, 1}};

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MadeUpPeople(new double[2], covariance, covariance))
                .withMessageContaining("not positive definite");
    }

    private static double distance(float[] one, float[] other) {
        double squares = 0;
        for (int d = 0; d < one.length; d++) {
            squares += Math.pow(one[d] - other[d], 2);
        }
        return Math.sqrt(squares);
    }
}
