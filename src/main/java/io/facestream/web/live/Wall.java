package io.facestream.web.live;

import io.facestream.faces.FrameMark;
import io.facestream.frames.CameraFrame;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.RecordPointer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What each camera shows. A frame waits for its events, and is shown with them; where they take longer than
 * {@link #PATIENCE}, frames are shown as they come, without faces. While nobody watches, all that is kept is when each
 * camera's latest frame came.
 */
final class Wall {
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Longer than any camera that works is silent: one in front of which nothing moves sends every 10 seconds. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    /** A camera of which nothing was heard for that long is taken off the wall. */
    private static final Duration GONE = Duration.ofDays(1);

    static final int MOST_CAMERAS = 1_000;
    private static final int MOST_WAITING = 64;

    private final long mostBytes;
    private final Clock clock;
    private final Map<String, WallCamera> cameras = new TreeMap<>();
    private Consumer<LiveView> viewers;
    private Instant since = Instant.MIN;
    private long bytes;
    private long sequence;

    /** @param mostBytes of pictures that are kept, those that wait and those that are shown */
    Wall(long mostBytes, Clock clock) {
        this.mostBytes = mostBytes;
        this.clock = clock;
    }

    synchronized boolean isWatched() {
        return viewers != null;
    }

    /** @param to gets each view as it comes; quick, since it is called for one view at a time */
    synchronized void watch(Consumer<LiveView> to) {
        viewers = to;
        since = clock.instant();
    }

    /** Nobody watches any more. */
    synchronized void rest() {
        viewers = null;
        cameras.values().forEach(WallCamera::forget);
        bytes = 0;
    }

    /** Cameras that there ought to be. */
    synchronized void expect(Collection<String> names) {
        names.forEach(this::camera);
    }

    synchronized void frame(CameraFrame frame) {
        WallCamera camera = isWatched() ? camera(frame.camera()) : null;
        if (camera == null) {
            return;
        }
        camera.sawFrame(frame.appendedAt());
        List<LiveFace> faces = camera.facesOf(frame.pointer());
        // Its events are not read again if they were read before anybody watched, or are overtaken.
        boolean isAlone = camera.isUnrecognised()
                || camera.isPast(frame.pointer())
                || frame.appendedAt().isBefore(since);
        if (faces != null || isAlone) {
            show(camera, frame, faces);
        } else if (camera.waiting().size() < MOST_WAITING && hasRoom(frame.image().length)) {
            camera.waiting().add(new WallCamera.Waiting(frame, clock.instant()));
            bytes += frame.image().length;
        }
    }

    synchronized void face(IdentityEvent event) {
        WallCamera camera = isWatched() ? camera(event.origin().camera()) : null;
        if (camera != null) {
            camera.collect(event.pointers().frame(), LiveFace.of(event));
        }
    }

    /** All faces of a frame were read. */
    synchronized void mark(FrameMark mark) {
        WallCamera camera = camera(mark.frame().camera());
        if (camera == null) {
            return;
        }
        camera.sawFrame(mark.frame().appendedAt());
        if (!isWatched()) {
            return;
        }
        RecordPointer place = mark.frame().pointer();
        camera.mark(place);
        camera.unrecognised(camera.behind(mark.frame().appendedAt()).compareTo(PATIENCE) > 0);
        CameraFrame found = null;
        while (!camera.waiting().isEmpty() && !isAfter(camera.waiting().peek(), place)) {
            found = take(camera);
        }
        if (found != null && found.pointer().equals(place)) {
            show(camera, found, camera.facesOf(place));
        }
    }

    private static boolean isAfter(WallCamera.Waiting waiting, RecordPointer place) {
        RecordPointer frame = waiting.frame().pointer();
        return !frame.equals(place) && !WallCamera.isBefore(frame, place);
    }

    private CameraFrame take(WallCamera camera) {
        CameraFrame frame = camera.waiting().poll().frame();
        bytes -= frame.image().length;
        return frame;
    }

    /** Shows what has waited too long. */
    synchronized void tick() {
        Instant latest = clock.instant().minus(PATIENCE);
        for (WallCamera camera : cameras.values()) {
            WallCamera.Waiting first = camera.waiting().peek();
            if (first != null && first.since().isBefore(latest)) {
                CameraFrame newest = camera.waiting().peekLast().frame();
                while (!camera.waiting().isEmpty()) {
                    take(camera);
                }
                camera.unrecognised(true);
                show(camera, newest, null);
            }
        }
    }

    private void show(WallCamera camera, CameraFrame frame, List<LiveFace> faces) {
        int before = camera.shown() == null ? 0 : camera.shown().bytes();
        if (!camera.isNews(frame) || !hasRoom(frame.image().length - before)) {
            return;
        }
        LiveView view = LiveView.of(frame, ++sequence, faces);
        bytes += view.bytes() - before;
        camera.show(view);
        viewers.accept(view);
    }

    /** Gives up frames that wait, the oldest first, until there is room. */
    private boolean hasRoom(int more) {
        while (bytes + more > mostBytes) {
            WallCamera oldest = cameras.values().stream()
                    .filter(camera -> !camera.waiting().isEmpty())
                    .min(Comparator.comparing(camera -> camera.waiting().peek().since()))
                    .orElse(null);
            if (oldest == null) {
                return false;
            }
            take(oldest);
        }
        return true;
    }

    /** The camera of that name; null if there are too many. */
    private WallCamera camera(String name) {
        WallCamera known = cameras.get(name);
        if (known == null && cameras.size() < MOST_CAMERAS) {
            known = new WallCamera();
            cameras.put(name, known);
        }
        return known;
    }

    /** All cameras, by name. */
    synchronized List<CameraStatus> status() {
        Instant now = clock.instant();
        cameras.values()
                .removeIf(camera -> camera.lastFrame() != null
                        && camera.lastFrame().isBefore(now.minus(GONE))
                        && camera.shown() == null
                        && camera.waiting().isEmpty());
        return cameras.entrySet().stream()
                .map(each -> new CameraStatus(
                        each.getKey(),
                        state(each.getValue(), now),
                        each.getValue().lastFrame(),
                        null))
                .toList();
    }

    private CameraStatus.State state(WallCamera camera, Instant now) {
        Instant last = camera.lastFrame();
        if (last != null && last.isAfter(now.minus(SILENCE))) {
            return camera.isUnrecognised() ? CameraStatus.State.UNRECOGNISED : CameraStatus.State.SHOWN;
        }
        return since.isAfter(now.minus(SILENCE)) ? CameraStatus.State.WAITING : CameraStatus.State.SILENT;
    }

    /** What is shown now. */
    synchronized List<LiveView> views() {
        return cameras.values().stream()
                .map(WallCamera::shown)
                .filter(Objects::nonNull)
                .toList();
    }
}
