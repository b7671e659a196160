package io.facestream.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facestream.calibration.OpenSetSearch.Search;
import io.facestream.calibration.ProbabilityErrors.Forecast;
import io.facestream.evaluation.SyntheticFaces;
import io.facestream.models.MatchProbability;
import io.facestream.photos.EmbeddedPhoto;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ProbabilityErrorsTest {
    private static final Offset<Double> ROUNDING = within(1e-9);

    @Test
    void forecastsThatComeTrueAsOftenAsTheySayAreCalibrated() {
        ProbabilityErrors errors = ProbabilityErrors.of(halfRight(0.5));

        assertThat(errors.searches()).isEqualTo(20);
        assertThat(errors.expectedCalibrationError()).isCloseTo(0, ROUNDING);
        assertThat(errors.brier()).isCloseTo(0.25, ROUNDING);
        assertThat(errors.logLoss()).isCloseTo(Math.log(2), ROUNDING);
    }

    @Test
    void forecastsThatSayTooMuchAreOffByTheDifference() {
        ProbabilityErrors errors = ProbabilityErrors.of(halfRight(0.9));

        assertThat(errors.expectedCalibrationError()).isCloseTo(0.4, ROUNDING);
        assertThat(errors.brier()).isCloseTo((0.1 * 0.1 + 0.9 * 0.9) / 2, ROUNDING);
        assertThat(errors.logLoss()).isCloseTo(-(Math.log(0.9) + Math.log(0.1)) / 2, ROUNDING);
    }

    @Test
    void tooMuchInOneBinIsNotMadeUpForByTooLittleInAnother() {
        List<Forecast> forecasts = Stream.concat(
                        IntStream.range(0, 10).mapToObj(i -> new Forecast(0.2, i % 2 == 0, i)),
                        IntStream.range(0, 10).mapToObj(i -> new Forecast(0.8, i % 2 == 0, i)))
                .toList();

        assertThat(ProbabilityErrors.of(forecasts).expectedCalibrationError()).isCloseTo(0.3, ROUNDING);
    }

    @Test
    void aForecastThatWasSureAndWrongCostsMuchButNotInfinitelyMuch() {
        ProbabilityErrors errors = ProbabilityErrors.of(List.of(new Forecast(1, false, 0)));

        assertThat(errors.logLoss()).isCloseTo(-Math.log(1e-9), ROUNDING);
        assertThat(errors.brier()).isEqualTo(1);
    }

    @Test
    void forecastsAreToldTheShareOfStrangersAmongTheirSearches() {
        MatchProbability onlyBayes = new MatchProbability(1, 20, 0, 0, 0, 0, 0, 0.0, 0.0);
        List<Search> searches = List.of(search(0, 0), search(1, 0), search(2, 2), search(3, 1));

        List<Forecast> forecasts = ProbabilityErrors.forecasts(searches, 6, 3, onlyBayes);

        // Three of four are enrolled, in a gallery of six: odds of 3 / 6.
        assertThat(forecasts).extracting(Forecast::probability).allSatisfy(probability -> assertThat(probability)
                .isCloseTo(1 / 3.0, ROUNDING));
        assertThat(forecasts).extracting(Forecast::right).containsExactly(true, false, true, false);
    }

    @Test
    void aGroupThatIsThereTwiceCountsTwice() {
        List<Forecast> forecasts = List.of(new Forecast(0.9, true, 0), new Forecast(0.9, false, 1));

        List<Figure> figures = ProbabilityErrors.figures("p", forecasts, 2);

        assertThat(figures)
                .extracting(Figure::name)
                .containsExactly("p.expectedCalibrationError", "p.brier", "p.logLoss");
        assertThat(figures.get(0).of().applyAsDouble(new int[] {0, 2})).isCloseTo(0.9, ROUNDING);
        assertThat(figures.get(1).of().applyAsDouble(new int[] {2, 0})).isCloseTo(0.01, ROUNDING);
        assertThat(figures.get(2).of().applyAsDouble(new int[] {1, 1}))
                .isCloseTo(ProbabilityErrors.of(forecasts).logLoss(), ROUNDING);
    }

    private static List<Forecast> halfRight(double probability) {
        return IntStream.range(0, 20)
                .mapToObj(i -> new Forecast(probability, i % 2 == 0, i))
                .toList();
    }

    private static Search search(int group, int nearestPerson) {
        EmbeddedPhoto photo = SyntheticFaces.face("P" + group, 1, 1, 0);
        return new Search(photo, group, 0.5f, 1, nearestPerson, 5, 1);
    }
}
