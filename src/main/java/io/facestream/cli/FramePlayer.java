package io.facestream.cli;

import io.facestream.cli.FrameSource.SourceFrame;
import io.facestream.messaging.Topic;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Plays footage to camera-frames as one camera. One thread plays; any other may stop it. */
final class FramePlayer {
    private static final Duration REOPEN = Duration.ofSeconds(2);

    private final RecordPublisher publisher;
    private final String camera;
    private final OptionalDouble framesPerSecond;
    private final boolean paced;
    private final PrintWriter notices;

    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Set<String> tooLarge = new LinkedHashSet<>();
    private Instant nextRound = Instant.EPOCH;
    private long published;

    /**
     * @param paced whether recorded footage is played at its own speed, not as fast as Kafka takes it
     * @param notices is told of pictures left out and of streams that break off
     */
    FramePlayer(
            RecordPublisher publisher,
            String camera,
            OptionalDouble framesPerSecond,
            boolean paced,
            PrintWriter notices) {
        this.publisher = publisher;
        this.camera = camera;
        this.framesPerSecond = framesPerSecond;
        this.paced = paced;
        this.notices = notices;
    }

    /** Plays recorded footage once; live footage until it is stopped, opening it again whenever it breaks off. */
    void play(Footage footage) throws IOException, InterruptedException {
        if (footage.live()) {
            playLive(footage);
            return;
        }
        try (FrameSource source = footage.open(framesPerSecond)) {
            if (playToEnd(source) == 0 && !stopped()) {
                throw new IOException(source + " has no pictures");
            }
        }
    }

    private void playLive(Footage footage) throws IOException, InterruptedException {
        Optional<FrameSource> opened = Optional.of(footage.open(framesPerSecond));
        while (opened.isPresent()) {
            FrameSource source = opened.get();
            String fault = "it ended";
            try (source) {
                playToEnd(source);
            } catch (IOException e) {
                fault = Failures.oneLine(e);
            }
            opened = stopped() ? Optional.empty() : reopen(footage, source + " broke off: " + fault);
        }
    }

    /** The footage opened again, however long that takes; empty if stopped before. Each fault is told once in a row. */
    private Optional<FrameSource> reopen(Footage footage, String fault) throws InterruptedException {
        notices.println(fault + "; trying again every " + REOPEN.toSeconds() + " s");
        String told = "";
        while (!stop.await(REOPEN.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                FrameSource source = footage.open(framesPerSecond);
                notices.println(source + " is back");
                return Optional.of(source);
            } catch (IOException e) {
                String message = Failures.oneLine(e);
                if (!message.equals(told)) {
                    notices.println(message);
                    told = message;
                }
            }
        }
        return Optional.empty();
    }

    /** Plays until the source's end or until it is stopped, and returns how many frames there were. */
    private long playToEnd(FrameSource source) throws IOException, InterruptedException {
        Instant now = Instant.now();
        Instant started = now.isAfter(nextRound) ? now : nextRound;
        long frames = 0;
        while (!stopped()) {
            Optional<SourceFrame> next = source.next();
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
        nextRound = started.plus(source.end());
        return frames;
    }

    private void publish(SourceFrame frame, Instant capturedAt) {
        int limit = RecordPublisher.maxPictureBytes(Topic.CAMERA_FRAMES);
        if (frame.image().length <= limit) {
            publisher.frame(camera, run + "-" + published, capturedAt, frame.image());
            published++;
        } else if (tooLarge.add(frame.name())) {
            notices.println(frame.name() + " is too large and left out: more than " + limit + " bytes");
        }
    }

    /** Ends playing after the frame in hand. */
    void stop() {
        stop.countDown();
    }

    boolean stopped() {
        return stop.getCount() == 0;
    }

    /** How many frames were published. */
    long published() {
        return published;
    }

    /** The names of the pictures that were left out. */
    Set<String> tooLarge() {
        return tooLarge;
    }
}
