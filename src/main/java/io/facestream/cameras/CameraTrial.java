package io.facestream.cameras;

import io.facestream.cameras.motion.Verdict;
import io.facestream.video.Interruption;
import io.facestream.video.VideoFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Consumer;

/** Films a camera for a moment, without Kafka, to see whether it can be filmed, and at what cost. */
public final class CameraTrial implements Footage.Observer {
    /** Opening may take as long as a camera takes to wake up. */
    private static final Duration OPENING = Duration.ofSeconds(30);

    private final CameraDefinition definition;
    private final Consumer<byte[]> pictures;
    private final Map<Step, Long> spent = new EnumMap<>(Step.class);

    private long firstPictureMillis;
    private int width;
    private int height;
    private Duration end = Duration.ZERO;
    private int decoded;
    private int damaged;
    private int frames;
    private int passed;
    private int encoded;
    private byte[] picture;

    private CameraTrial(CameraDefinition definition, Consumer<byte[]> pictures) {
        this.definition = definition;
        this.pictures = pictures;
        for (Step step : Step.values()) {
            spent.put(step, 0L);
        }
    }

    /**
     * What was seen.
     *
     * @param firstPictureMillis from asking for it to the first picture
     * @param width of the stream's pictures, before turning and stretching
     * @param seconds that were filmed, by the stream's own times
     * @param streamed the stream's frames
     * @param decoded of these; others are left out where no other is predicted from them
     * @param frames that were looked at, at the definition's rate
     * @param passed of these by the gate
     * @param damaged of those decoded
     * @param picture the last one, as it would be sent: JPEG
     * @param cost CPU time
     */
    public record Result(
            long firstPictureMillis,
            int width,
            int height,
            double seconds,
            long streamed,
            int decoded,
            int frames,
            int passed,
            int damaged,
            byte[] picture,
            Cost cost) {
        /** The stream's frames a second. */
        public double framesPerSecond() {
            return seconds > 0 ? (streamed - 1) / seconds : 0;
        }
    }

    /**
     * CPU milliseconds.
     *
     * @param decoding of all frames, reading the stream included
     * @param gate of a frame that was looked at
     * @param picture of a frame that passed: its JPEG
     */
    public record Cost(double decoding, double gate, double picture) {}

    /**
     * Films for so long, or to the end of a recording, which is not waited for.
     *
     * @param pictures gets the JPEG of each frame that passes
     * @throws IOException in one line, without a login, if it cannot be filmed
     */
    public static Result film(
            CameraDefinition definition, CamerasConfig config, Duration length, Consumer<byte[]> pictures)
            throws IOException {
        return film(definition, CameraSettings.of(config), length, pictures);
    }

    static Result film(CameraDefinition definition, CameraSettings settings, Duration length, Consumer<byte[]> pictures)
            throws IOException {
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
        CameraTrial trial = new CameraTrial(definition, pictures);
        try (Footage footage = Footage.open(settings.input(definition), definition, settings, interruption, trial)) {
            return trial.film(footage, begun, length);
        } catch (IOException e) {
            throw interruption.requested()
                    ? new IOException(definition.address() + " sent no picture within " + OPENING.toSeconds() + " s", e)
                    : e;
        } finally {
            timer.cancel();
        }
    }

    @Override
    public void decoded(VideoFrame frame) {
        decoded++;
        damaged += frame.damaged() ? 1 : 0;
        end = frame.at();
    }

    @Override
    public void spent(Step step, long cpuNanos) {
        spent.merge(step, cpuNanos, Long::sum);
    }

    private Result film(Footage footage, long begun, Duration length) throws IOException {
        for (Optional<VideoFrame> next = footage.next(); next.isPresent(); next = footage.next()) {
            VideoFrame frame = next.get();
            if (frames++ == 0) {
                firstPictureMillis = (System.nanoTime() - begun) / 1_000_000;
            }
            width = frame.width();
            height = frame.height();
            Optional<Verdict> verdict =
                    footage.look(footage.grey(frame), frame.at().toNanos());
            boolean passes = verdict.isEmpty() || verdict.get().passes();
            boolean last = frame.at().compareTo(length) >= 0;
            if (passes || last) {
                picture = footage.picture(frame);
                encoded++;
            }
            if (passes) {
                passed++;
                pictures.accept(picture);
            }
            if (last) {
                break;
            }
        }
        if (frames == 0) {
            throw new IOException(definition.address() + " has no undamaged pictures");
        }
        Cost cost = new Cost(
                spent.get(Step.DECODING) / 1e6,
                spent.get(Step.GATE) / 1e6 / frames,
                spent.get(Step.PICTURE) / 1e6 / encoded);
        return new Result(
                firstPictureMillis,
                width,
                height,
                end.toNanos() / 1e9,
                footage.frames(),
                decoded,
                frames,
                passed,
                damaged,
                picture,
                cost);
    }
}
