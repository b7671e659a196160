package io.facestream.web.news;

import io.facestream.web.users.SocketEnding;
import io.facestream.web.users.WebSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * All sockets of this process. Those that have not been told of the news yet stand in a queue, each once: whatever
 * happens meanwhile, a socket has one message under way at most. Whoever is told asks for visits, so that only some are
 * told in a round, those who have waited longest, and each of them every {@link #PAUSE} at most.
 */
final class Audience {
    static final int MOST = 2_000;
    static final int MOST_OF_ONE_USER = 16;

    /** With ten rounds a second and 20 ms for a list of visits, that is one core. */
    static final int MOST_OF_A_ROUND = 5;

    static final Duration PAUSE = Duration.ofSeconds(2);

    /** A browser that takes nothing for that long is given up. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Clock clock;
    private final Map<String, Seat> seats = new HashMap<>();
    private final Deque<Seat> queue = new ArrayDeque<>();

    Audience(Clock clock) {
        this.clock = clock;
    }

    /** What is known of a socket. */
    private static final class Seat {
        private final Listener listener;
        private boolean queued;
        private boolean sending;
        private Instant told = Instant.MIN;

        private Seat(Listener listener) {
            this.listener = listener;
        }
    }

    synchronized boolean isEmpty() {
        return seats.isEmpty();
    }

    /** Takes a socket in, which is told soon: its page may be older than the latest news. */
    synchronized void open(String id, Listener listener) {
        long ofUser = seats.values().stream()
                .filter(seat ->
                        seat.listener.session().user().equals(listener.session().user()))
                .count();
        if (ofUser >= MOST_OF_ONE_USER || seats.size() >= MOST) {
            listener.close(SocketEnding.TOO_MANY);
            return;
        }
        Seat seat = new Seat(listener);
        seats.put(id, seat);
        queue(seat);
    }

    synchronized void close(String id) {
        queue.remove(seats.remove(id));
    }

    /** There is news for everybody. */
    synchronized void changed() {
        seats.values().forEach(this::queue);
    }

    private void queue(Seat seat) {
        if (!seat.queued) {
            seat.queued = true;
            queue.add(seat);
        }
    }

    /** Tells some of those who wait. Whoever has not taken the last message yet is passed over, and keeps the place. */
    synchronized void round() {
        Instant now = clock.instant();
        int room = MOST_OF_A_ROUND;
        for (Iterator<Seat> all = queue.iterator(); room > 0 && all.hasNext(); ) {
            Seat seat = all.next();
            if (!seat.sending && seat.told.isBefore(now.minus(PAUSE))) {
                all.remove();
                seat.queued = false;
                tell(seat, now);
                room--;
            }
        }
    }

    private void tell(Seat seat, Instant now) {
        seat.sending = true;
        seat.told = now;
        seat.listener.tell().whenComplete((done, failure) -> sent(seat));
    }

    private synchronized void sent(Seat seat) {
        seat.sending = false;
    }

    /** Closes those that have taken nothing for long. */
    synchronized void giveUpTheStuck() {
        Instant earliest = clock.instant().minus(PATIENCE);
        List.copyOf(seats.values()).stream()
                .filter(seat -> seat.sending && seat.told.isBefore(earliest))
                .forEach(seat -> seat.listener.close(SocketEnding.TOO_SLOW));
    }

    synchronized List<WebSession> sessions() {
        return seats.values().stream().map(seat -> seat.listener.session()).toList();
    }

    /** Closes the sockets of that session. */
    synchronized void signedOut(byte[] tokenSha256) {
        List.copyOf(seats.values()).stream()
                .filter(seat -> Arrays.equals(seat.listener.session().tokenSha256(), tokenSha256))
                .forEach(seat -> seat.listener.close(SocketEnding.SIGNED_OUT));
    }
}
