package io.facestream.identities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import java.util.List;
import org.junit.jupiter.api.Test;

class QualityScoreTest {
    private static final QualityScore SHIPPED = QualityScore.shipped();

    @Test
    void aClearFaceIsToldRightAlmostAlways() {
        assertThat(SHIPPED.of(face(300, 120, 5, 70), 0.9999f)).isGreaterThan(0.9);
    }

    @Test
    void aFaceOfWhichTheNetworkSeesLittleIsToldRightSeldom() {
        assertThat(SHIPPED.of(face(300, 120, 5, 45), 0.95f)).isLessThan(0.3);
    }

    @Test
    void whatIsBeyondTheFacesThatWereMeasuredStaysAShare() {
        assertThat(SHIPPED.of(face(0, 0, 180, 1_000), 0)).isBetween(0.0, 1.0);
        assertThat(SHIPPED.of(face(1e9f, 255, 0, 0), 1)).isBetween(0.0, 1.0);
    }

    @Test
    void theShippedNumbersSayWhatTheyWereFittedOn() {
        assertThat(SHIPPED.source()).contains("mobilefacenet-1", "rfb", "people", "photos");
    }

    @Test
    void tooFewCoefficientsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new QualityScore("nothing", List.of(1.0)));
    }

    private static Quality face(float sharpness, float brightness, float yaw, float norm) {
        return new Quality(100, sharpness, brightness, new Pose(yaw, 0, 0), norm);
    }
}
