package io.facestream.web.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.faces.FrameMark;
import io.facestream.frames.FrameInfo;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WallTest {
    private static final Instant START = Instant.parse("2026-05-04T09:30:00Z");
    private static final byte[] PICTURE = new byte[1_000];
    private static final String DOOR = "door";

    private final TestClock clock = new TestClock();
    private final List<LiveView> shown = new ArrayList<>();
    private final Wall wall = new Wall(1 << 20, clock);

    private static final class TestClock extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private void pass(Duration time) {
        clock.now = clock.now.plus(time);
    }

    private FrameInfo film(String camera, int offset) {
        FrameInfo info = LiveRecords.info(camera, 0, offset, clock.now);
        wall.frame(LiveRecords.frame(info, PICTURE));
        return info;
    }

    private void recognise(FrameInfo frame, String... names) {
        for (int i = 0; i < names.length; i++) {
            wall.face(LiveRecords.event(frame, i, names[i]));
        }
        wall.mark(new FrameMark(frame, names.length, 0));
    }

    private List<Long> offsets() {
        return shown.stream().map(view -> view.frame().offset()).toList();
    }

    private JsonObject header(int view) {
        var message = shown.get(view).message();
        return new JsonObject(message.getString(Integer.BYTES, Integer.BYTES + message.getInt(0)));
    }

    private String names(int view) {
        return header(view).getJsonArray("faces").stream()
                .map(face -> ((JsonObject) face).getString("name"))
                .toList()
                .toString();
    }

    @Test
    void aFrameIsShownWithItsFacesOnceTheyAreRecognised() {
        wall.watch(shown::add);
        FrameInfo frame = film(DOOR, 1);
        assertThat(shown).isEmpty();

        recognise(frame, "Grace Hopper", null);

        assertThat(names(0)).isEqualTo("[Grace Hopper, null]");
    }

    @Test
    void thePictureIsPassedOnAsItCame() {
        wall.watch(shown::add);

        recognise(film(DOOR, 1));

        var message = shown.get(0).message();
        assertThat(message.getBytes(Integer.BYTES + message.getInt(0), message.length()))
                .isEqualTo(PICTURE);
    }

    @Test
    void aFrameThatComesAfterItsEventsIsShownWithThem() {
        wall.watch(shown::add);
        FrameInfo late = LiveRecords.info(DOOR, 0, 1, clock.now);
        recognise(late, "Grace Hopper");

        wall.frame(LiveRecords.frame(late, PICTURE));

        assertThat(names(0)).isEqualTo("[Grace Hopper]");
    }

    @Test
    void ofFramesThatWaitTheOneThatIsRecognisedIsShownAndNoOlderOne() {
        wall.watch(shown::add);
        film(DOOR, 1);
        FrameInfo second = film(DOOR, 2);
        FrameInfo third = film(DOOR, 3);

        recognise(second);
        recognise(third);

        assertThat(offsets()).containsExactly(2L, 3L);
    }

    @Test
    void aFrameThatNobodyRecognisesInTimeIsShownWithoutFaces() {
        wall.watch(shown::add);
        film(DOOR, 1);

        pass(Wall.PATIENCE.plusMillis(1));
        wall.tick();

        assertThat(header(0).getBoolean("recognised")).isFalse();
    }

    @Test
    void whereRecognitionIsLateFramesAreShownAsTheyCome() {
        wall.watch(shown::add);
        film(DOOR, 1);
        pass(Wall.PATIENCE.plusMillis(1));
        wall.tick();

        film(DOOR, 2);
        film(DOOR, 3);

        assertThat(offsets()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whereRecognitionIsLateTheCameraSaysSo() {
        wall.watch(shown::add);
        film(DOOR, 1);
        pass(Wall.PATIENCE.plusMillis(1));
        wall.tick();

        assertThat(wall.status()).extracting(CameraStatus::state).containsExactly(CameraStatus.State.UNRECOGNISED);
    }

    @Test
    void framesWaitForTheirEventsAgainWhenRecognitionHasCaughtUp() {
        wall.watch(shown::add);
        film(DOOR, 1);
        pass(Wall.PATIENCE.plusMillis(1));
        wall.tick();
        recognise(film(DOOR, 2));

        FrameInfo third = film(DOOR, 3);
        assertThat(offsets()).containsExactly(1L, 2L);
        recognise(third, "Grace Hopper");

        assertThat(names(2)).isEqualTo("[Grace Hopper]");
    }

    @Test
    void framesFromBeforeAnybodyWatchedAreShownAtOnce() {
        FrameInfo before = LiveRecords.info(DOOR, 0, 1, START.minusSeconds(1));
        wall.watch(shown::add);

        wall.frame(LiveRecords.frame(before, PICTURE));

        assertThat(offsets()).containsExactly(1L);
    }

    @Test
    void nothingIsKeptWhenTheLastOneLeaves() {
        wall.watch(shown::add);
        recognise(film(DOOR, 1));
        film(DOOR, 2);

        wall.rest();

        assertThat(wall.views()).isEmpty();
    }

    @Test
    void nobodyIsShownAnythingWhileNobodyWatches() {
        recognise(film(DOOR, 1));

        wall.watch(shown::add);

        assertThat(shown).isEmpty();
    }

    @Test
    void aCameraThatSendsNothingSaysSinceWhen() {
        recognise(film(DOOR, 1));

        pass(Wall.SILENCE.plusSeconds(1));
        wall.watch(shown::add);
        pass(Wall.SILENCE.plusSeconds(1));

        assertThat(wall.status()).containsExactly(new CameraStatus(DOOR, CameraStatus.State.SILENT, START, null));
    }

    @Test
    void aCameraMayWaitForThingsToMoveBeforeItIsCalledSilent() {
        wall.watch(shown::add);
        wall.expect(List.of(DOOR));

        assertThat(wall.status()).extracting(CameraStatus::state).containsExactly(CameraStatus.State.WAITING);
    }

    @Test
    void picturesThatWaitGiveWayToNewOnesWhereMemoryEnds() {
        wall.watch(shown::add);
        int cameras = 300;
        List<FrameInfo> frames = new ArrayList<>();
        for (int i = 0; i < cameras; i++) {
            for (int frame = 1; frame <= 5; frame++) {
                frames.add(film("camera " + i, 10 * i + frame));
            }
        }

        frames.forEach(this::recognise);

        assertThat(shown).hasSizeBetween(800, 1_048);
        assertThat(shown.get(shown.size() - 1).frame().offset()).isEqualTo(2_995);
    }

    @Test
    void whatIsShownNeverTakesMoreMemoryThanThereIs() {
        wall.watch(shown::add);

        for (int i = 0; i < 1_000; i++) {
            FrameInfo info = LiveRecords.info("camera " + i, 0, i, clock.now);
            wall.frame(LiveRecords.frame(info, new byte[10_000]));
            recognise(info);
        }

        assertThat(wall.views().stream().mapToLong(LiveView::bytes).sum()).isLessThanOrEqualTo(1 << 20);
    }
}
