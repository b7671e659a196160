package io.facestream.cameras.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CameraReportTest {
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant NOW = THEN.plusSeconds(60);

    @ParameterizedTest
    @CsvSource({
        "cannot open rtsp://10.0.0.5/a: Connection refused, cannot open its address: Connection refused",
        "http://a.example/s?token=geheim: HTTP 401, its address: HTTP 401",
        "cannot open rtsp://10.0.0.5:554/a?user=x&password=y, cannot open its address",
        "\"rtsp://a/b\" is off, \"its address\" is off",
        "no picture for 10 s, no picture for 10 s"
    })
    void whatIsShownOfAReasonHasNoAddress(String why, String shown) {
        assertThat(CameraReport.shown(why)).isEqualTo(shown);
    }

    @Test
    void aReasonIsShownOnOneLineOf300CharactersAtMost() {
        assertThat(CameraReport.shown("a\nb" + "c".repeat(1_000))).hasSize(300).startsWith("a bccc");
    }

    private static CameraReport report(CameraReport.State state) {
        return new CameraReport(state, THEN, null, "replica", null);
    }

    @Test
    void aCameraThatFailsHasDoneSoSinceItWasFirstOpened() {
        assertThat(report(CameraReport.State.CONNECTING).beginningOf(CameraReport.State.FAILING, NOW))
                .isEqualTo(THEN);
    }

    @Test
    void aCameraThatBreaksOffFailsFromThenOn() {
        assertThat(report(CameraReport.State.PLAYING).beginningOf(CameraReport.State.FAILING, NOW))
                .isEqualTo(NOW);
    }

    @Test
    void aReasonThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> new CameraReport(CameraReport.State.FAILING, THEN, "a".repeat(301), "replica", null))
                .hasMessageContaining("301");
    }
}
