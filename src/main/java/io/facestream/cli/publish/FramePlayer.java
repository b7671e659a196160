package io.facestream.cli.publish;

import io.facestream.cli.publish.FrameSource.SourceFrame;
import io.facestream.cli.publish.FrameSource.Tally;
import io.facestream.cli.publish.FrameSource.UnusableFrameException;
import io.facestream.cli.terminal.Failures;
import io.facestream.frames.FrameTopic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Plays footage to camera-frames as one camera. One thread plays; any other may stop it. */
final class FramePlayer {
    /**
     * Pause after a stream has broken off or could not be opened; it doubles each time. Cameras start in half a minute.
     */
    private static final Duration SOONEST_RETRY = Duration.ofSeconds(2);

    private static final Duration LATEST_RETRY = Duration.ofSeconds(30);

    private final FrameOutbox outbox;
    private final String camera;
    private final Playback playback;
    private final boolean paced;
    private final CountDownLatch stop;

    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private final Set<String> tooLarge = new LinkedHashSet<>();
    private final Set<String> unusable = new LinkedHashSet<>();
    private volatile FrameSource playing;
    private Instant nextRound = Instant.EPOCH;
    private long taken;
    private Tally tally = Tally.NONE;

    /**
     * @param paced whether recorded footage is played at its own speed, rather than as fast as Kafka accepts it
     * @param stop ends playing when it reaches zero
     */
    FramePlayer(FrameOutbox outbox, String camera, Playback playback, boolean paced, CountDownLatch stop) {
        this.outbox = outbox;
        this.camera = camera;
        this.playback = playback;
        this.paced = paced;
        this.stop = stop;
    }

    /**
     * Plays recorded footage once. Plays live footage until stopped: it tries to open it until it is there, and again
     * whenever it breaks off.
     */
    void play(Footage footage) throws IOException, InterruptedException {
        if (footage.live()) {
            playLive(footage);
            return;
        }
        try (FrameSource source = footage.open(playback)) {
            long frames = playToEnd(source);
            if (frames == 0 && !stopped()) {
                if (!unusable.isEmpty()) {
                    throw new IOException("none of the pictures can be published");
                }
                long damaged = source.tally().damaged();
                throw new IOException(source
                        + (damaged == 0
                                ? " has no pictures"
                                : ": all of its " + damaged + " frames are damaged; --damaged=publish publishes them"));
            }
        }
    }

    private void playLive(Footage footage) throws InterruptedException {
        Optional<FrameSource> opened = open(footage, "");
        while (opened.isPresent()) {
            FrameSource source = opened.get();
            String fault = "it ended";
            try (source) {
                playToEnd(source);
            } catch (IOException e) {
                fault = Failures.oneLine(e);
            }
            opened = stopped() ? Optional.empty() : open(footage, source + " broke off: " + fault);
        }
    }

    /**
     * Opens the footage, however long that takes; empty if stopped first. Repeated faults are reported once.
     *
     * @param fault why it has to be opened again; empty at the start
     */
    private Optional<FrameSource> open(Footage footage, String fault) throws InterruptedException {
        boolean again = !fault.isEmpty();
        if (again) {
            playback.notices().accept(fault + "; trying again until it is back");
        }
        String told = "";
        Duration pause = SOONEST_RETRY;
        while (!again || !stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                FrameSource source = footage.open(playback);
                if (again) {
                    playback.notices().accept(source + " is back");
                }
                return Optional.of(source);
            } catch (IOException e) {
                String message = Failures.oneLine(e);
                if (!message.equals(told)) {
                    playback.notices().accept(message + (again ? "" : "; trying again until it is there"));
                    told = message;
                }
                pause = again ? min(pause.multipliedBy(2), LATEST_RETRY) : pause;
                again = true;
            }
        }
        return Optional.empty();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** Plays until the source ends or it is stopped, and returns the number of frames. */
    private long playToEnd(FrameSource source) throws IOException, InterruptedException {
        Instant started = nextRound;
        if (nextRound.equals(Instant.EPOCH) || (paced && Instant.now().isAfter(nextRound))) {
            started = Instant.now();
        }
        long frames = 0;
        playing = source;
        try {
            while (!stopped()) {
                Optional<SourceFrame> next;
                try {
                    next = source.next();
                } catch (UnusableFrameException e) {
                    leaveOut(e.getMessage());
                    continue;
                }
                if (next.isEmpty()) {
                    break;
                }
                frames++;
                SourceFrame frame = next.get();
                Instant capturedAt = frame.at().map(started::plus).orElseGet(Instant::now);
                if (paced) {
                    long early = Duration.between(Instant.now(), capturedAt).toMillis();
                    if (stop.await(early, TimeUnit.MILLISECONDS)) {
                        break;
                    }
                }
                publish(frame, capturedAt);
            }
        } finally {
            playing = null;
            tally = tally.plus(source.tally());
        }
        nextRound = started.plus(source.end());
        return frames;
    }

    /** Reports a fault once, however often the footage is played. */
    private void leaveOut(String fault) {
        if (unusable.add(fault)) {
            playback.notices().accept(fault + "; left out");
        }
    }

    private void publish(SourceFrame frame, Instant capturedAt) throws InterruptedException {
        int limit = FrameTopic.MAX_PICTURE_BYTES;
        if (frame.image().length <= limit) {
            outbox.put(FrameTopic.record(camera, run + "-" + taken, capturedAt, frame.image(), frame.damaged()));
            taken++;
        } else if (tooLarge.add(frame.name())) {
            playback.notices().accept(frame.name() + " is left out, as it has more than " + limit + " bytes");
        }
    }

    /** Ends playing after the current frame. */
    void stop() {
        stop.countDown();
        FrameSource source = playing;
        if (source != null) {
            source.interrupt();
        }
    }

    boolean stopped() {
        return stop.getCount() == 0;
    }

    /** The frames of all sources so far. */
    Tally tally() {
        return tally;
    }

    /** The names of the pictures that were left out. */
    Set<String> tooLarge() {
        return tooLarge;
    }

    /** The faults of files that could not be published, each once. */
    Set<String> unusable() {
        return unusable;
    }
}
