package io.facestream.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import io.facestream.demo.SampleCamera.Shot;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SampleCameraTest {

    private static List<Shot> clip;

    @BeforeAll
    static void shoot() {
        try (var camera = new SampleCamera()) {
            clip = camera.shots().toList();
        }
    }

    @Test
    void twoRunsGiveTheSameBytes() throws Exception {
        try (var again = new SampleCamera()) {
            assertThat(digest(again.shots().toList())).isEqualTo(digest(clip));
        }
    }

    @Test
    void lastsTwentyFiveSecondsAtTenFramesASecond() {
        assertThat(clip).hasSize(250);
        assertThat(clip).extracting(Shot::index).startsWith(0, 1, 2).endsWith(249);
        assertThat(clip)
                .extracting(Shot::at)
                .startsWith(Duration.ZERO, Duration.ofMillis(100))
                .endsWith(Duration.ofMillis(24_900));
    }

    @Test
    void everyFrameIsAJpegOf640By480() {
        for (var shot : clip) {
            try (var scope = new PointerScope()) {
                var frame = imdecode(new Mat(shot.jpeg()), IMREAD_COLOR);
                assertThat(List.of(frame.cols(), frame.rows(), frame.channels()))
                        .as("frame %d", shot.index())
                        .containsExactly(640, 480, 3);
            }
        }
    }

    @Test
    void theTruthFollowsTheScript() {
        assertThat(runs())
                .containsExactly(
                        "nobody",
                        "[Eileen_Collins]",
                        "nobody",
                        "[] stranger",
                        "nobody",
                        "[Grace_Hopper]",
                        "[Grace_Hopper, John_Ousterhout]",
                        "[John_Ousterhout]",
                        "nobody",
                        "[] stranger",
                        "[Eileen_Collins] stranger",
                        "[Eileen_Collins]",
                        "nobody");
    }

    @Test
    void whereAFaceIsIsToldOfEverybodyWhoIsEnrolled() {
        for (var shot : clip) {
            var there = new TreeSet<>(shot.people());
            there.addAll(shot.atTheEdge());
            assertThat(shot.faces().keySet()).as("frame %d", shot.index()).isEqualTo(there);
        }
        var frame = clip.get(140);
        assertThat(frame.faces().get("Grace_Hopper").x())
                .as("she walks before him")
                .isGreaterThan(frame.faces().get("John_Ousterhout").x());
    }

    @Test
    void everyoneIsSeenForAtLeastTwoSeconds() {
        assertThat(clip.stream().filter(Shot::stranger)).hasSizeGreaterThan(40);
        for (var portrait : SamplePortrait.all()) {
            if (portrait.known()) {
                assertThat(clip.stream().filter(shot -> shot.people().contains(portrait.name())))
                        .as(portrait.name())
                        .hasSizeGreaterThan(20);
            }
        }
    }

    @Test
    void betweenTheWalksTheRoomIsEmpty() {
        var empty = clip.stream().filter(Shot::empty).toList();

        assertThat(empty).hasSizeGreaterThan(50).allSatisfy(shot -> {
            assertThat(shot.people()).isEmpty();
            assertThat(shot.stranger()).isFalse();
        });
        assertThat(clip.get(0).empty()).isTrue();
        assertThat(clip.get(249).empty()).isTrue();
    }

    @Test
    void photosOfThreePeopleAreThereToEnrolAndOneOfAStranger() {
        var portraits = SamplePortrait.all();

        assertThat(portraits)
                .filteredOn(SamplePortrait::known)
                .extracting(SamplePortrait::name)
                .containsExactly("Eileen_Collins", "Grace_Hopper", "John_Ousterhout");
        assertThat(portraits)
                .filteredOn(portrait -> !portrait.known())
                .extracting(SamplePortrait::name)
                .containsExactly("Aksel_Andersson");
    }

    @Test
    void faceBoxAndOutlineLieInThePhoto() {
        for (var portrait : SamplePortrait.all()) {
            try (var scope = new PointerScope()) {
                var photo = imdecode(new Mat(portrait.photo()), IMREAD_COLOR);
                var face = portrait.face();
                assertThat(face.x() + face.width()).as(portrait.name()).isLessThanOrEqualTo(photo.cols());
                assertThat(face.y() + face.height()).as(portrait.name()).isLessThanOrEqualTo(photo.rows());
                assertThat(portrait.outline()).as(portrait.name()).allSatisfy(corner -> {
                    assertThat(corner.x()).isBetween(0, photo.cols());
                    assertThat(corner.y()).isBetween(0, photo.rows());
                });
            }
        }
    }

    /** The clip's truth, one entry for each change. */
    private static List<String> runs() {
        var runs = new ArrayList<String>();
        for (var shot : clip) {
            var truth = shot.people().isEmpty() && !shot.stranger()
                    ? "nobody"
                    : shot.people() + (shot.stranger() ? " stranger" : "");
            if (runs.isEmpty() || !runs.get(runs.size() - 1).equals(truth)) {
                runs.add(truth);
            }
        }
        return runs;
    }

    private static String digest(List<Shot> shots) throws Exception {
        var sha = MessageDigest.getInstance("SHA-256");
        shots.forEach(shot -> sha.update(shot.jpeg()));
        return HexFormat.of().formatHex(sha.digest());
    }
}
