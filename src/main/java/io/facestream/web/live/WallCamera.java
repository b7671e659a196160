package io.facestream.web.live;

import io.facestream.frames.CameraFrame;
import io.facestream.messaging.RecordPointer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One camera of the {@link Wall}: the frames that wait for their events, and the view that is shown. */
final class WallCamera {
    private static final int MOST_FACES = 256;

    /** A frame that waits since then. */
    record Waiting(CameraFrame frame, Instant since) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private Instant lastFrame;
    private LiveView shown;
    /** Whether its events come so late that frames do not wait for them. */
    private boolean unrecognised;

    private RecordPointer collected;
    private List<LiveFace> faces = new ArrayList<>();
    private RecordPointer marked;

    Instant lastFrame() {
        return lastFrame;
    }

    LiveView shown() {
        return shown;
    }

    boolean isUnrecognised() {
        return unrecognised;
    }

    Deque<Waiting> waiting() {
        return waiting;
    }

    void show(LiveView view) {
        shown = view;
    }

    void unrecognised(boolean isSo) {
        unrecognised = isSo;
    }

    void sawFrame(Instant appendedAt) {
        if (lastFrame == null || appendedAt.isAfter(lastFrame)) {
            lastFrame = appendedAt;
        }
    }

    /** How long after the latest frame known of that frame came; 0 if it is the latest. */
    Duration behind(Instant appendedAt) {
        return lastFrame == null ? Duration.ZERO : Duration.between(appendedAt, lastFrame);
    }

    void collect(RecordPointer frame, LiveFace face) {
        if (!frame.equals(collected)) {
            collected = frame;
            faces = new ArrayList<>();
        }
        if (faces.size() < MOST_FACES) {
            faces.add(face);
        }
    }

    /** All faces of that frame have been read. */
    void mark(RecordPointer frame) {
        if (!frame.equals(collected)) {
            collected = frame;
            faces = new ArrayList<>();
        }
        marked = frame;
    }

    /** The faces of the frame whose events were read last; null for any other. */
    List<LiveFace> facesOf(RecordPointer frame) {
        return frame.equals(marked) && frame.equals(collected) ? List.copyOf(faces) : null;
    }

    /** Whether the events of a later frame were read already. */
    boolean isPast(RecordPointer frame) {
        return marked != null && isBefore(frame, marked);
    }

    /** Whether a frame is newer than what is shown. */
    boolean isNews(CameraFrame frame) {
        return shown == null
                || (frame.pointer().partition() == shown.frame().partition()
                        ? frame.pointer().offset() > shown.frame().offset()
                        : frame.appendedAt().isAfter(shown.appendedAt()));
    }

    static boolean isBefore(RecordPointer frame, RecordPointer other) {
        return frame.partition() == other.partition() && frame.offset() < other.offset();
    }

    /** Nothing of it is kept, but when its latest frame came. */
    void forget() {
        waiting.clear();
        shown = null;
        unrecognised = false;
        collected = null;
        marked = null;
        faces = new ArrayList<>();
    }
}
