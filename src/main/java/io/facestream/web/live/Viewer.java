package io.facestream.web.live;

import io.facestream.web.users.SocketEnding;
import io.facestream.web.users.WebSession;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One socket. It has one view of each camera in its queue, the newest, and sends the next one when the browser has
 * drawn the one before: a slow browser gets fewer pictures, never older ones. A camera's pictures are sent once the
 * look is recorded, anew in each minute.
 */
final class Viewer {
    private static final long MINUTE_MILLIS = 60_000;

    private final WebSession session;
    private final Screen screen;
    private final Clock clock;
    private final Consumer<Viewer> ask;
    private final Map<String, LiveView> queue = new LinkedHashMap<>();
    /** By camera, the view that the browser has not drawn yet. */
    private final Map<String, Long> underWay = new HashMap<>();

    private final Set<String> recorded = new HashSet<>();
    private long minute;
    private boolean sending;
    private boolean asking;

    /** The latest news of what the cameras do. */
    private String status = "";

    /** What the browser was sent last of that. */
    private String told = "";

    /** @param ask has looks recorded, and says so by {@link #record}; it must not block */
    Viewer(WebSession session, Screen screen, Clock clock, Consumer<Viewer> ask) {
        this.session = session;
        this.screen = screen;
        this.clock = clock;
        this.ask = ask;
        this.minute = minuteNow();
    }

    private long minuteNow() {
        return clock.millis() / MINUTE_MILLIS;
    }

    WebSession session() {
        return session;
    }

    synchronized void offer(LiveView view) {
        queue.put(view.camera(), view);
        next();
    }

    /** The browser has drawn that view. */
    synchronized void drawn(long sequence) {
        underWay.values().remove(sequence);
        next();
    }

    private void next() {
        long now = minuteNow();
        if (now != minute) {
            minute = now;
            recorded.clear();
        }
        if (!sending) {
            send();
        }
        if (!asking && !recorded.containsAll(queue.keySet())) {
            asking = true;
            ask.accept(this);
        }
    }

    /** One message at a time: the parts of a large one must not have another between them. */
    private void send() {
        if (!status.equals(told)) {
            sending = true;
            told = status;
            screen.tell(status).whenComplete((done, failure) -> sent());
            return;
        }
        LiveView next = queue.values().stream()
                .filter(view -> recorded.contains(view.camera()) && !underWay.containsKey(view.camera()))
                .findFirst()
                .orElse(null);
        if (next != null) {
            sending = true;
            queue.remove(next.camera());
            underWay.put(next.camera(), next.sequence());
            screen.show(next).whenComplete((done, failure) -> sent());
        }
    }

    private synchronized void sent() {
        sending = false;
        next();
    }

    /** The cameras whose pictures wait for the look at them to be recorded. */
    synchronized Set<String> unrecorded() {
        Set<String> cameras = new HashSet<>(queue.keySet());
        cameras.removeAll(recorded);
        return cameras;
    }

    /** The looks at those cameras are recorded. */
    synchronized void record(Set<String> cameras) {
        asking = false;
        recorded.addAll(cameras);
        next();
    }

    /** Tells what the cameras do, if that is news. */
    synchronized void tell(String news) {
        status = news;
        next();
    }

    void close(SocketEnding ending) {
        screen.close(ending);
    }
}
