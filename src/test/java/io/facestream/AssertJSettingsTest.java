package io.facestream;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class AssertJSettingsTest {
    @Test
    void aTestWhoseAssumptionIsNotMetIsSkipped() {
        assertThatThrownBy(() -> assumeThat("present").isEqualTo("absent")).isInstanceOf(TestAbortedException.class);
    }
}
