package io.facestream.cameras;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cameras.motion.Verdict;
import io.facestream.cameras.sending.FrameSender;
import io.facestream.cameras.sending.Lease;
import io.facestream.frames.FrameTopic;
import io.facestream.video.GreyPicture;
import io.facestream.video.Interruption;
import io.facestream.video.VideoFrame;
import io.facestream.video.VideoInput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/** One camera, in a thread of its own: it is opened, filmed, and opened again, until it is asked to stop. */
final class CameraWork implements Runnable, Footage.Observer {
    private static final Logger LOG = Logger.getLogger(CameraWork.class);

    /** After a camera has broken off. Cameras start in half a minute, and some lock out who asks too often. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Opening takes longer than waiting for a picture: some cameras wake up for it. */
    private static final Duration OPENING = Duration.ofSeconds(20);

    private static final int FRAMES_OF_SILENCE = 3;
    private static final String UNGATED = "none";

    private final String camera;
    private final CameraDefinition definition;
    private final CameraSettings settings;
    private final FrameSender sender;
    private final Lease lease;
    private final CameraMetrics metrics;
    private final Duration silence;
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private volatile Interruption interruption = new Interruption();
    private volatile long nextPictureBy;
    private volatile boolean silent;
    private boolean played;
    private long sent;

    private CameraWork(
            String camera,
            CameraDefinition definition,
            CameraSettings settings,
            FrameSender sender,
            Lease lease,
            CameraMetrics metrics) {
        this.camera = camera;
        this.definition = definition;
        this.settings = settings;
        this.sender = sender;
        this.lease = lease;
        this.metrics = metrics;
        Duration frames = Duration.ofNanos(Math.round(FRAMES_OF_SILENCE * 1e9 / definition.fps()));
        silence = frames.compareTo(settings.silentAfter()) > 0 ? frames : settings.silentAfter();
        expectPicture(OPENING.plus(silence));
        thread = new Thread(this, "camera-" + camera);
        thread.setDaemon(true);
    }

    static CameraWork start(
            String camera,
            CameraDefinition definition,
            CameraSettings settings,
            FrameSender sender,
            Lease lease,
            CameraMetrics metrics) {
        CameraWork work = new CameraWork(camera, definition, settings, sender, lease, metrics);
        work.thread.start();
        return work;
    }

    /** Interrupts a camera that is silent; called several times a second. */
    void look() {
        if (System.nanoTime() - nextPictureBy > 0) {
            silent = true;
            expectPicture(OPENING.plus(silence));
            // A device that hangs heeds no interruption.
            metrics.state(new CameraState.Failing(noPicture()));
            interruption.request();
        }
    }

    private void expectPicture(Duration within) {
        nextPictureBy = System.nanoTime() + within.toNanos();
    }

    private String noPicture() {
        return "no picture for " + silence.toSeconds() + " s";
    }

    /** Asks it to end. From here on it sends nothing. */
    void stop() {
        synchronized (this) {
            stop.countDown();
        }
        interruption.request();
    }

    void awaitEnd(Duration atMost) {
        try {
            thread.join(Math.max(1, atMost.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean stopped() {
        return stop.getCount() == 0;
    }

    @Override
    public void run() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!stopped()) {
                played = false;
                String fault = film();
                expectPicture(LONGEST_PAUSE.plus(LONGEST_PAUSE)); // none before the next try
                if (stopped()) {
                    return;
                }
                metrics.state(new CameraState.Failing(fault));
                pause = played ? FIRST_PAUSE : pause;
                if (stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Films until the camera breaks off, and returns why; the reason is of no use if it was asked to stop. */
    private String film() throws InterruptedException {
        Interruption own = new Interruption();
        interruption = own;
        silent = false;
        if (stopped()) {
            return "";
        }
        expectPicture(OPENING.plus(silence));
        try {
            VideoInput input = settings.input(definition);
            metrics.opened();
            while (!stopped()) {
                try (Footage footage = Footage.open(input, definition, settings, own, this)) {
                    play(footage, input.live());
                }
                if (input.live() || !played) {
                    return input.live() ? "it ended" : "it has no pictures";
                }
            }
            return "";
        } catch (IOException e) {
            return silent ? noPicture() : ShownText.of(e.getMessage());
        } catch (RuntimeException e) {
            LOG.debugf(e, "camera %s", camera);
            return unprocessed(e);
        } catch (Error e) {
            // Such as no memory for large pictures: it is this camera's, and the others film on.
            LOG.errorf(e, "camera %s", camera);
            return unprocessed(e);
        }
    }

    private static String unprocessed(Throwable failure) {
        return ShownText.of("its pictures cannot be processed: "
                + (failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage()));
    }

    @Override
    public void decoded(VideoFrame frame) {
        expectPicture(silence);
        if (frame.damaged()) {
            metrics.damaged();
        }
    }

    @Override
    public void spent(Step step, long cpuNanos) {
        metrics.spent(step, cpuNanos);
    }

    /** Plays to the end; a recording at its own speed. */
    private void play(Footage footage, boolean live) throws IOException, InterruptedException {
        StillPicture still = new StillPicture(settings.frozenAfter());
        long begun = System.nanoTime();
        while (!stopped()) {
            Optional<VideoFrame> next = footage.next();
            if (next.isEmpty()) {
                return;
            }
            VideoFrame frame = next.get();
            if (!live) {
                Duration due = Duration.ofNanos(Math.max(0, begun + frame.at().toNanos() - System.nanoTime()));
                expectPicture(silence.plus(due));
                if (stop.await(due.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
            expectPicture(silence);
            played = true;
            take(frame, footage, still);
        }
    }

    private void take(VideoFrame frame, Footage footage, StillPicture still) {
        long now = System.nanoTime();
        GreyPicture grey = footage.grey(frame);
        metrics.state(still.isFrozen(grey, now) ? new CameraState.Frozen() : new CameraState.Playing());
        metrics.looked();
        Optional<Verdict> verdict = footage.look(grey, now);
        if (verdict.isPresent() && !verdict.get().passes()) {
            return;
        }
        String header = verdict.map(Verdict::toString).orElse(UNGATED);
        Instant capturedAt = Instant.now();
        byte[] jpeg = footage.picture(frame);
        if (jpeg.length > FrameTopic.MAX_PICTURE_BYTES || !lease.holds()) {
            metrics.dropped();
            return;
        }
        ProducerRecord<byte[], byte[]> record = FrameTopic.record(camera, run + "-" + sent++, capturedAt, jpeg, false);
        record.headers().add(FrameTopic.GATE_HEADER, header.getBytes(UTF_8));
        synchronized (this) {
            if (!stopped()) {
                sender.put(record, header, metrics);
            }
        }
    }
}
