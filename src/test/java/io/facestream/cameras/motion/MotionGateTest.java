package io.facestream.cameras.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.video.GreyPicture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A synthetic room of 160x90 pixels at 5 frames a second. {@code bench gate} measures with real rooms. */
class MotionGateTest {
    private static final int WIDTH = 160;
    private static final int HEIGHT = 90;
    private static final double FPS = 5;

    @AutoClose
    private final MotionGate gate = new MotionGate(
            new MotionGate.Times(Duration.ofMillis(600), Duration.ofSeconds(10), Duration.ofSeconds(5)), FPS);

    private final Random random = new Random(7);
    private long frame;

    /** The verdicts of so many seconds. */
    private List<Verdict> film(double seconds, DoubleUnaryOperator light, double noise, Person person) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int n = 0; n < seconds * FPS; n++) {
            byte[] pixels = new byte[WIDTH * HEIGHT];
            for (int i = 0; i < pixels.length; i++) {
                int x = i % WIDTH;
                int y = i / WIDTH;
                double room = 100 + 40 * Math.sin(x * 0.3) + 30 * Math.cos(y * 0.4);
                double seen = person.grey(x, y, n / FPS, room);
                double value = seen * light.applyAsDouble(n / FPS) + random.nextGaussian() * noise;
                pixels[i] = (byte) Math.max(0, Math.min(255, Math.round(value)));
            }
            verdicts.add(gate.look(new GreyPicture(WIDTH, HEIGHT, pixels), Math.round(frame++ / FPS * 1e9)));
        }
        return verdicts;
    }

    private interface Person {
        Person NOBODY = (x, y, second, room) -> room;

        double grey(int x, int y, double second, double room);

        static Person at(double from, double speed) {
            return (x, y, second, room) -> {
                double left = from + speed * second;
                return x >= left && x < left + 20 && y >= 30 && y < 70 ? 30 + (y % 10) * 8 : room;
            };
        }
    }

    private List<Verdict> emptyRoom(double seconds) {
        return film(seconds, second -> 1, 1.5, Person.NOBODY);
    }

    private static double passed(List<Verdict> verdicts) {
        return verdicts.stream().filter(Verdict::passes).count() / (double) verdicts.size();
    }

    private static long longestGap(List<Verdict> verdicts) {
        long gap = 0;
        long longest = 0;
        for (Verdict verdict : verdicts) {
            gap = verdict.passes() ? 0 : gap + 1;
            longest = Math.max(longest, gap);
        }
        return longest;
    }

    @Test
    void anEmptyRoomSendsOneFrameEveryKeepAliveAndNeverLess() {
        emptyRoom(700);
        List<Verdict> verdicts = emptyRoom(100);

        assertThat(verdicts).doesNotContain(Verdict.OPEN);
        assertThat(verdicts.stream().filter(Verdict::passes)).hasSizeBetween(10, 11);
        assertThat(longestGap(verdicts)).isLessThan((long) (10 * FPS));
    }

    @Test
    void whoWalksThroughIsSeenFromTheFirstFrameToTheLast() {
        emptyRoom(60);
        List<Verdict> verdicts = film(4, second -> 1, 1.5, Person.at(10, 30));

        assertThat(verdicts).containsOnly(Verdict.OPEN);
        assertThat(emptyRoom(30).subList(5, 150)).doesNotContain(Verdict.OPEN);
    }

    @Test
    void whoStandsStillForTenMinutesStaysSeen() {
        emptyRoom(60);
        List<Verdict> verdicts = film(600, second -> 1, 1.5, Person.at(60, 0));

        assertThat(longestGap(verdicts)).as("below half of the absence").isLessThan((long) (2.5 * FPS));
    }

    @Test
    void furnitureBecomesBackgroundInTheEnd() {
        emptyRoom(60);
        film(1_000, second -> 1, 1.5, Person.at(60, 0));
        List<Verdict> verdicts = film(100, second -> 1, 1.5, Person.at(60, 0));

        assertThat(passed(verdicts)).isLessThan(0.05);
    }

    @Test
    void aSwitchedLightOpensItForAMomentAndDoesNotBlindIt() {
        emptyRoom(60);
        List<Verdict> dark = film(60, second -> 0.4, 1.5, Person.NOBODY);

        assertThat(dark.subList((int) (10 * FPS), dark.size())).doesNotContain(Verdict.OPEN);
        assertThat(film(4, second -> 0.4, 1.5, Person.at(10, 30))).containsOnly(Verdict.OPEN);
    }

    @Test
    void whoStandsThereWhenTheLightIsSwitchedStaysSeenAndLeavesNothingBehind() {
        emptyRoom(60);
        film(10, second -> 1, 1.5, Person.at(60, 0));

        assertThat(film(20, second -> 0.45, 1.5, Person.at(60, 0))).containsOnly(Verdict.OPEN);
        List<Verdict> left = film(60, second -> 0.45, 1.5, Person.NOBODY);
        assertThat(left.subList(5, left.size())).doesNotContain(Verdict.OPEN);
    }

    @Test
    void whoComesInWithTheLightIsSeenAndLeavesNothingBehind() {
        film(60, second -> 0.45, 1.5, Person.NOBODY);

        assertThat(film(20, second -> 1, 1.5, Person.at(60, 0))).containsOnly(Verdict.OPEN);
        List<Verdict> left = emptyRoom(60);
        assertThat(left.subList(5, left.size())).doesNotContain(Verdict.OPEN);
    }

    @Test
    void aFaceAsBrightAsTheWallIsSeen() {
        Person wall = (x, y, second, room) -> 100;
        Person face = (x, y, second, room) ->
                Math.hypot(x - 80, y - 45) < 8 ? 100 + 10 * Math.sin(x * 1.3 + second) * Math.cos(y * 1.1) : 100;
        film(60, second -> 1, 0.5, wall);

        assertThat(passed(film(10, second -> 1, 0.5, face))).isGreaterThan(0.95);
        assertThat(film(30, second -> 1, 0.5, wall).subList(5, 150)).doesNotContain(Verdict.OPEN);
    }

    @Test
    void theFirstFrameOfAnEmptyRoomPassesAndNoneIsHeldOpenForIt() {
        assertThat(emptyRoom(2)).startsWith(Verdict.KEEP_ALIVE).doesNotContain(Verdict.OPEN);
    }

    @Test
    void aJumpOfTheExposureIsNotMotion() {
        emptyRoom(60);
        List<Verdict> brighter = film(30, second -> 1.25, 1.5, Person.NOBODY);

        assertThat(brighter).doesNotContain(Verdict.OPEN);
    }

    @Test
    void theNoiseOfTheNightNeitherOpensItNorHidesAnybody() {
        film(60, second -> 0.4, 4, Person.NOBODY);
        List<Verdict> night = film(60, second -> 0.4, 4, Person.NOBODY);

        assertThat(night).doesNotContain(Verdict.OPEN);
        assertThat(passed(film(4, second -> 0.4, 4, Person.at(10, 30)))).isGreaterThan(0.9);
    }

    @Test
    void leavesThatSwayAreLearnt() {
        Person leaves = (x, y, second, room) ->
                x < 30 && y < 40 ? 100 + 80 * Math.sin(x * 0.9 + 2.5 * Math.sin(second * 4.3)) : room;
        film(120, second -> 1, 1.5, leaves);
        List<Verdict> verdicts = film(60, second -> 1, 1.5, leaves);

        assertThat(passed(verdicts)).isLessThan(0.35);
        Person both =
                (x, y, second, room) -> Person.at(40, 25).grey(x, y, second, leaves.grey(x, y, second + 1_000, room));
        assertThat(film(4, second -> 1, 1.5, both)).containsOnly(Verdict.OPEN);
    }

    @Test
    void anotherSizeOfThePictureBeginsAnew() {
        emptyRoom(60);

        assertThat(gate.look(new GreyPicture(80, 45, new byte[80 * 45]), Math.round(frame / FPS * 1e9)))
                .isEqualTo(Verdict.OPEN);
    }
}
