package io.facestream.cli.people;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import org.junit.jupiter.api.Test;

class PhotoLineTest {
    private static final Quality QUALITY = new Quality(86.6f, 412.2f, 120, new Pose(0, 0, 0), null);

    @Test
    void anAcceptedPhotoIsListedWithItsMeasures() {
        assertThat(PhotoLine.of("Ada/1.jpg", null, null, QUALITY, null))
                .isEqualTo("accepted  Ada/1.jpg  87 px, sharpness 412");
    }

    @Test
    void anAcceptedPhotoWithoutMeasuresIsListedWithoutThem() {
        assertThat(PhotoLine.of("Ada/1.jpg", null, null, null, null)).isEqualTo("accepted  Ada/1.jpg");
    }

    @Test
    void whatThereIsToSayOfAnAcceptedPhotoStandsBehindIt() {
        assertThat(PhotoLine.of("Ada/1.jpg", null, null, QUALITY, "looks like Bob (0.61)"))
                .isEqualTo("accepted  Ada/1.jpg  87 px, sharpness 412  (looks like Bob (0.61))");
    }

    @Test
    void aRejectedPhotoIsListedWithTheReason() {
        assertThat(PhotoLine.of("Ada/1.jpg", "no-face", "no face was found", null, null))
                .isEqualTo("rejected  Ada/1.jpg  no-face: no face was found");
    }
}
