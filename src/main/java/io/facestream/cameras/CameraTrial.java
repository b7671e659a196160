package io.facestream.cameras;

import io.facestream.cameras.motion.MotionGate;
import io.facestream.video.FrameSampling;
import io.facestream.video.GreyPicture;
import io.facestream.video.Interruption;
import io.facestream.video.VideoFrame;
import io.facestream.video.VideoReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;

/** Films a camera for a moment, without Kafka, to see whether it can be filmed. */
public final class CameraTrial {
    private static final int QUARTER = 90;

    /** Opening may take as long as a camera takes to wake up. */
    private static final Duration OPENING = Duration.ofSeconds(30);

    private CameraTrial() {}

    /**
     * What was seen.
     *
     * @param firstPictureMillis from asking for it to the first picture
     * @param width of the stream's pictures, before turning and stretching
     * @param framesPerSecond of the stream, by its own times
     * @param frames that were looked at, at the definition's rate
     * @param passed of these by the gate
     * @param damaged of the stream's frames
     * @param picture the last one, as it would be sent: JPEG
     */
    public record Result(
            long firstPictureMillis,
            int width,
            int height,
            double framesPerSecond,
            int frames,
            int passed,
            int damaged,
            byte[] picture) {}

    /**
     * Films for so long, or to the end of a recording.
     *
     * @throws IOException in one line, without a login, if it cannot be filmed
     */
    public static Result film(CameraDefinition definition, CamerasConfig config, Duration length) throws IOException {
        CameraSettings settings = CameraSettings.of(config);
        Interruption interruption = new Interruption();
        Timer timer = new Timer("trial-ends", true);
        timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        interruption.request();
                    }
                },
                OPENING.plus(length).toMillis());
        long begun = System.nanoTime();
        MotionGate.Times times = new MotionGate.Times(settings.hold(), definition.keepAlive(), settings.absence());
        try (VideoReader reader = VideoReader.open(
                        settings.input(definition), definition.rotation() / QUARTER, notice -> {}, interruption);
                MotionGate gate = new MotionGate(times, definition.fps())) {
            return film(reader, gate, definition, begun, length);
        } catch (IOException e) {
            throw interruption.requested()
                    ? new IOException(definition.address() + " sent no picture within " + OPENING.toSeconds() + " s", e)
                    : e;
        } finally {
            timer.cancel();
        }
    }

    private static Result film(
            VideoReader reader, MotionGate gate, CameraDefinition definition, long begun, Duration length)
            throws IOException {
        FrameSampling sampling = new FrameSampling(definition.fps());
        Result result = null;
        int all = 0;
        int damaged = 0;
        for (Optional<VideoFrame> next = reader.next(); next.isPresent(); next = reader.next()) {
            VideoFrame frame = next.get();
            all++;
            damaged += frame.damaged() ? 1 : 0;
            if (!frame.damaged() && sampling.takes(frame.at().toNanos() / 1_000)) {
                GreyPicture whole = frame.grey(Integer.MAX_VALUE);
                boolean passes = gate.look(
                                frame.grey(MotionGate.LONGER_SIDE), frame.at().toNanos())
                        .passes();
                double seconds = frame.at().toNanos() / 1e9;
                result = new Result(
                        result == null ? (System.nanoTime() - begun) / 1_000_000 : result.firstPictureMillis(),
                        whole.width(),
                        whole.height(),
                        seconds > 0 ? (all - 1) / seconds : 0,
                        result == null ? 1 : result.frames() + 1,
                        (result == null ? 0 : result.passed()) + (passes ? 1 : 0),
                        damaged,
                        frame.jpeg());
            }
            if (frame.at().compareTo(length) >= 0) {
                break;
            }
        }
        if (result == null) {
            throw new IOException(definition.address() + " has no undamaged pictures");
        }
        return result;
    }
}
