package io.facestream.web.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShownRuleTest {
    @ParameterizedTest
    @CsvSource({"10, PT10M", "0.5, PT30S", "' 90 ', PT1H30M", "'', PT0S", "-1, PT-1M"})
    void aCoolDownIsReadInMinutes(String minutes, Duration coolDown) {
        assertThat(ShownRule.coolDown(minutes)).isEqualTo(coolDown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "1e999", "ten", "10 min"})
    void aCoolDownThatIsNotAFiniteNumberIsRefused(String minutes) {
        assertThatThrownBy(() -> ShownRule.coolDown(minutes)).hasMessage("coolDown is a number of minutes");
    }
}
