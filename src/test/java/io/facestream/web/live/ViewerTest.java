package io.facestream.web.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.web.users.SocketEnding;
import io.facestream.web.users.WebSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ViewerTest {
    private static final Instant START = Instant.parse("2026-05-04T09:30:00Z");
    private static final String DOOR = "door";

    private final TestScreen screen = new TestScreen();
    private final List<Set<String>> asked = new ArrayList<>();
    private Clock clock = Clock.fixed(START, ZoneOffset.UTC);

    private static final class TestScreen implements Screen {
        private final List<Long> shown = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private CompletionStage<Void> takes = CompletableFuture.completedStage(null);

        @Override
        public CompletionStage<?> show(LiveView view) {
            shown.add(view.sequence());
            return takes;
        }

        @Override
        public CompletionStage<?> tell(String status) {
            told.add(status);
            return takes;
        }

        @Override
        public void close(SocketEnding ending) {
            throw new IllegalStateException("not closed here");
        }
    }

    private Viewer viewer() {
        WebSession session = new WebSession(UUID.randomUUID(), "ann", "ann", "viewer", new byte[32]);
        return new Viewer(session, screen, clock, viewer -> asked.add(viewer.unrecorded()));
    }

    private static LiveView view(String camera, int sequence) {
        return LiveView.of(
                LiveRecords.frame(LiveRecords.info(camera, 0, sequence, START), new byte[1]), sequence, List.of());
    }

    @Test
    void nothingIsShownBeforeTheLookIsRecorded() {
        Viewer viewer = viewer();

        viewer.offer(view(DOOR, 1));
        assertThat(screen.shown).isEmpty();
        viewer.record(asked.get(0));

        assertThat(screen.shown).containsExactly(1L);
    }

    @Test
    void whileThePictureBeforeIsNotDrawnOnlyTheNewestWaits() {
        Viewer viewer = viewer();
        viewer.record(Set.of(DOOR));
        viewer.offer(view(DOOR, 1));
        viewer.offer(view(DOOR, 2));
        viewer.offer(view(DOOR, 3));

        viewer.drawn(1);

        assertThat(screen.shown).containsExactly(1L, 3L);
    }

    @Test
    void oneMessageAtATimeIsOnItsWay() {
        Viewer viewer = viewer();
        viewer.record(Set.of(DOOR, "yard"));
        CompletableFuture<Void> taken = new CompletableFuture<>();
        screen.takes = taken;
        viewer.offer(view(DOOR, 1));

        viewer.offer(view("yard", 2));
        viewer.tell("a");
        viewer.tell("b");
        assertThat(screen.shown).containsExactly(1L);
        assertThat(screen.told).isEmpty();
        screen.takes = CompletableFuture.completedFuture(null);
        taken.complete(null);

        assertThat(screen.told).containsExactly("b");
        assertThat(screen.shown).containsExactly(1L, 2L);
    }

    @Test
    void aCameraWhosePictureIsNotDrawnYetHoldsUpNoOther() {
        Viewer viewer = viewer();
        viewer.record(Set.of(DOOR, "yard"));
        viewer.offer(view(DOOR, 1));

        viewer.offer(view("yard", 2));

        assertThat(screen.shown).containsExactly(1L, 2L);
    }

    @Test
    void aLookIsRecordedAnewInTheNextMinute() {
        Clock[] now = {clock};
        WebSession session = new WebSession(UUID.randomUUID(), "ann", "ann", "viewer", new byte[32]);
        Viewer viewer = new Viewer(
                session,
                screen,
                new Clock() {
                    @Override
                    public java.time.ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(java.time.ZoneId zone) {
                        return this;
                    }

                    @Override
                    public Instant instant() {
                        return now[0].instant();
                    }
                },
                each -> asked.add(each.unrecorded()));
        viewer.record(Set.of(DOOR));

        now[0] = Clock.offset(clock, Duration.ofMinutes(1));
        viewer.offer(view(DOOR, 1));

        assertThat(asked).containsExactly(Set.of(DOOR));
        assertThat(screen.shown).isEmpty();
    }

    @Test
    void whatTheCamerasDoIsToldWhenItChanges() {
        Viewer viewer = viewer();

        viewer.tell("a");
        viewer.tell("a");
        viewer.tell("b");

        assertThat(screen.told).containsExactly("a", "b");
    }
}
