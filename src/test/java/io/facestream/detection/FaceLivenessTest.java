package io.facestream.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.facestream.faces.Box;
import io.facestream.faces.liveness.LivenessScorer;
import io.facestream.frames.Picture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaceLivenessTest {
    private static final int LEAST_WIDTH = 80;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<List<Box>> asked = new ArrayList<>();

    /** 2.7 times a box of 100x100 reaches 85 px beyond it. */
    @ParameterizedTest
    @CsvSource({
        "as wide as near is,     400, 300,  80, 120, true",
        "a little narrower,      400, 300,  79, 120, false",
        "nearly at the corner,    86,  86, 100, 100, true",
        "beyond the left edge,    84, 300, 100, 100, false",
        "beyond the upper edge,  400,  84, 100, 100, false",
        "nearly at the far corner, 814, 614, 100, 100, true",
        "beyond the right edge,  816, 300, 100, 100, false",
        "beyond the lower edge,  400, 616, 100, 100, false",
        "too large for it,       300, 200, 400, 400, false",
    })
    void onlyNearFacesOfWhichAllIsSeenAreScored(String what, int x, int y, int width, int height, boolean scored) {
        List<Float> scores = scores(faces -> new float[] {0.75f}, List.of(new Box(x, y, width, height)));

        assertThat(scores).hasSize(1);
        assertThat(scores.get(0)).isEqualTo(scored ? 0.75f : null);
        assertThat(asked).hasSize(scored ? 1 : 0);
    }

    @Test
    void theNearFacesOfAFrameAreScoredTogetherAndEachHasItsOwnScore() {
        Box near = new Box(300, 300, 100, 100);
        Box far = new Box(500, 300, 30, 40);
        Box nearToo = new Box(600, 300, 90, 100);

        List<Float> scores = scores(faces -> new float[] {0.9f, 0.1f}, List.of(near, far, nearToo));

        assertThat(scores).containsExactly(0.9f, null, 0.1f);
        assertThat(asked).containsExactly(List.of(near, nearToo));
        assertThat(failures()).isZero();
    }

    @Test
    void facesGoOnWithoutAScoreWhereTheNetworkFails() {
        List<Box> faces = List.of(new Box(300, 300, 100, 100), new Box(500, 300, 100, 100));

        List<Float> scores = scores(
                asked -> {
                    throw new IllegalStateException("a network failed, as the test wants");
                },
                faces);

        assertThat(scores).containsExactly(null, null);
        assertThat(failures()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, -0.01f, 1.01f, Float.POSITIVE_INFINITY})
    void whatIsNoScoreIsAFailure(float score) {
        List<Box> faces = List.of(new Box(300, 300, 100, 100), new Box(500, 300, 100, 100));

        assertThat(scores(asked -> new float[] {0.5f, score}, faces)).containsExactly(null, null);
        assertThat(failures()).isEqualTo(1);
    }

    private double failures() {
        return metrics.get("facestream.liveness.failures").counter().count();
    }

    /** Of faces in a picture of 1000x800 pixels. */
    private List<Float> scores(Function<List<Box>, float[]> scorer, List<Box> faces) {
        LivenessScorer recording = new LivenessScorer() {
            @Override
            public float[] score(Picture picture, List<Box> near) {
                asked.add(near);
                return scorer.apply(near);
            }

            @Override
            public void close() {}
        };
        try (Picture picture = new Picture(new Mat(800, 1000, CV_8UC3));
                FaceLiveness liveness = new FaceLiveness(recording, LEAST_WIDTH, metrics)) {
            return liveness.scores(picture, faces);
        }
    }
}
