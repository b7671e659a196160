package io.facestream.training.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.facestream.training.network.Architecture;
import io.facestream.training.network.Mining;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingSettingsTest {
    private static TrainingSettings settings(double margin, int epochs, int people, int photos, double rate) {
        return new TrainingSettings(
                Architecture.MOBILEFACENET,
                Mining.SEMI_HARD,
                margin,
                epochs,
                people,
                photos,
                rate,
                Augmentation.NONE,
                TrainingSettings.Ties.NONE,
                0,
                0,
                1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|1|2|2|0.1|the margin is above 0, at most 2, not 0.0",
                "NaN|1|2|2|0.1|the margin is above 0, at most 2, not NaN",
                "2.1|1|2|2|0.1|the margin is above 0, at most 2, not 2.1",
                "0.5|0|2|2|0.1|epochs are 1 to 10000, not 0",
                "0.5|1|1|2|0.1|people per batch are at least 2, not 1",
                "0.5|1|2|1|0.1|photos of each person in a batch are at least 2, not 1",
                "0.5|1|100|100|0.1|people times photos are at most 256, not 10000",
                "0.5|1|2|2|0|the learning rate is above 0, at most 1, not 0.0",
                "0.5|1|2|2|1.5|the learning rate is above 0, at most 1, not 1.5",
            })
    void whatIsOutOfRangeIsRefusedWithTheRange(
            double margin, int epochs, int people, int photos, double rate, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(margin, epochs, people, photos, rate))
                .withMessageStartingWith(message);
    }

    @ParameterizedTest
    @EnumSource
    void thereAreDefaultsForEveryArchitectureAndAugmentation(Architecture architecture) {
        for (Augmentation augmentation : Augmentation.values()) {
            TrainingSettings defaults = TrainingSettings.defaults(architecture, augmentation);
            assertThat(defaults.architecture()).isEqualTo(architecture);
            assertThat(defaults.augmentation()).isEqualTo(augmentation);
        }
    }

    @Test
    void trainingForFarFacesHoldsOnToTheBase() {
        assertThat(TrainingSettings.defaults(Architecture.MOBILEFACENET, Augmentation.SEED)
                        .ties()
                        .base())
                .isZero();
        for (Augmentation far : List.of(Augmentation.FAR_CAMERA, Augmentation.FAR_ONLY)) {
            assertThat(TrainingSettings.defaults(Architecture.MOBILEFACENET, far)
                            .ties()
                            .base())
                    .isPositive();
        }
    }

    @Test
    void farOnlyCannotLetGoOfTheBase() {
        TrainingSettings usual = TrainingSettings.defaults(Architecture.MOBILEFACENET, Augmentation.FAR_ONLY);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingSettings(
                        usual.architecture(),
                        usual.mining(),
                        usual.margin(),
                        usual.epochs(),
                        usual.people(),
                        usual.photos(),
                        usual.learningRate(),
                        usual.augmentation(),
                        TrainingSettings.Ties.NONE,
                        0,
                        0,
                        usual.seed()))
                .withMessage("far-only draws far faces to where the base has clear ones: the base's weight is above 0,"
                        + " not 0.0");
    }

    @ParameterizedTest
    @EnumSource
    void whereThereIsATeacherTheBaseHoldsHalfAsMuch(Augmentation augmentation) {
        TrainingSettings usual = TrainingSettings.defaults(Architecture.MOBILEFACENET, augmentation);

        assertThat(usual.ties().teacher()).isZero();
        assertThat(usual.taught().teacher()).isPositive();
        assertThat(usual.taught().base()).isEqualTo(usual.ties().base() / 2);
        assertThat(usual.taught().clean()).isEqualTo(usual.ties().clean());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1|1|0|0|the base's weight is 0 to 100, not -1.0",
                "0|0.5|0|0|clean photos' weight is 1 to 100, not 0.5",
                "0|1|101|0|the teacher's weight is 0 to 100, not 101.0",
                "0|1|NaN|0|the teacher's weight is 0 to 100, not NaN",
                "0|1|0|1|the base's share is 0 to below 1, not 1.0",
            })
    void tiesOutOfRangeAreRefusedWithTheRange(
            double base, double clean, double teacher, double baseShare, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingSettings.Ties(base, clean, teacher, baseShare))
                .withMessage(message);
    }
}
