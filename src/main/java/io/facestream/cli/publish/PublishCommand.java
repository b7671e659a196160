package io.facestream.cli.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cli.topics.CameraNameConverter;
import io.facestream.messaging.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "publish",
        description = {
            "Publishes frames to camera-frames, as a camera would.",
            "A video is played at its own speed, a stream or a webcam as it comes. One that is missing or breaks off"
                    + " is opened again until Ctrl-C, which ends the command in order: published frames have arrived.",
            "If no broker answers, the command waits for one: recorded footage pauses, and of a camera's frames the"
                    + " newest are kept.",
            "Exits with 1 if a picture was too large, or if frames did not arrive before the end."
        },
        mixinStandardHelpOptions = true)
public final class PublishCommand implements Callable<Integer> {
    private static final int QUARTER = 90;
    private static final int FULL_TURN = 360;

    /** Less than the time that the process has to end in order. */
    private static final Duration WHEN_STOPPED = Duration.ofSeconds(3);

    @Parameters(
            arity = "1..*",
            paramLabel = "SOURCE",
            description =
                    "A video file, pictures, a folder or quoted glob of pictures, rtsp://..., http://..., webcam:0.")
    private List<String> sources;

    @Option(
            names = "--camera",
            required = true,
            converter = CameraNameConverter.class,
            paramLabel = "ID",
            description = "The camera that the frames belong to.")
    private String camera;

    @Option(
            names = "--fps",
            paramLabel = "N",
            description =
                    "Frames per second of the source's time; default: every frame of a video, and pictures at once.")
    private Double framesPerSecond;

    @Option(names = "--loop", description = "Starts again at the end.")
    private boolean loop;

    @Option(
            names = "--unpaced",
            description = "As fast as Kafka accepts it; capture times keep the distances of the source's own speed.")
    private boolean unpaced;

    @Option(
            names = "--rotate",
            paramLabel = "DEGREES",
            description =
                    "Turns a video's pictures clockwise by 90, 180 or 270, in addition to the video's own rotation.")
    private int rotation;

    @Option(
            names = "--damaged",
            paramLabel = "skip|publish",
            description =
                    "Whether a video's damaged frames are left out and counted, or published and marked as damaged;"
                            + " default: ${DEFAULT-VALUE}.",
            defaultValue = "skip")
    private Playback.Damaged damaged;

    @Option(names = "--json", description = "Prints the summary as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /**
     * The summary of a run.
     *
     * @param unusable faults of files that cannot be read, or are not pictures
     * @param damaged damaged frames of a video
     * @param replaced frames of a camera that were replaced by newer ones while no broker answered
     * @param lost frames that had not arrived when the command was ended
     */
    record Summary(
            String camera,
            long published,
            List<String> tooLarge,
            List<String> unusable,
            long damaged,
            long replaced,
            long lost) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (framesPerSecond != null && !(framesPerSecond > 0 && framesPerSecond <= Integer.MAX_VALUE)) {
            throw wrongUsage("--fps is a positive number, not " + framesPerSecond, null);
        }
        if (rotation % QUARTER != 0 || rotation < 0 || rotation >= FULL_TURN) {
            throw wrongUsage("--rotate is 90, 180 or 270, not " + rotation, null);
        }
        Consumer<String> notices = spec.commandLine().getErr()::println;
        Footage footage;
        try {
            footage = Footage.of(sources, notices);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(e.getMessage(), e);
        }
        if (rotation != 0 && footage instanceof Footage.Pictures) {
            throw wrongUsage("--rotate is for videos and cameras: pictures are published as they are", null);
        }
        CountDownLatch stop = new CountDownLatch(1);
        try (OrderlyEnd outer = new OrderlyEnd(stop::countDown)) {
            Optional<FrameOutbox> opened = FrameOutbox.open(footage.live(), notices, stop);
            if (opened.isEmpty()) {
                print(new Summary(camera, 0, List.of(), List.of(), 0, 0, 0));
                return 0;
            }
            try (FrameOutbox outbox = opened.get()) {
                return play(footage, outbox, notices, stop);
            }
        }
    }

    private int play(Footage footage, FrameOutbox outbox, Consumer<String> notices, CountDownLatch stop)
            throws IOException, InterruptedException {
        OptionalDouble rate = framesPerSecond == null ? OptionalDouble.empty() : OptionalDouble.of(framesPerSecond);
        Playback playback = new Playback(rate, damaged, rotation / QUARTER, notices);
        FramePlayer player = new FramePlayer(outbox, camera, playback, !unpaced, stop);
        try (OrderlyEnd inner = new OrderlyEnd(player::stop)) {
            long lost;
            try {
                do {
                    player.play(footage);
                } while (loop && !player.stopped());
            } finally {
                reportDamage(player.tally(), notices);
                lost = outbox.finish(WHEN_STOPPED);
            }
            if (lost > 0) {
                notices.accept(frames(lost) + " did not arrive: no broker answered before the end");
            }
            print(new Summary(
                    camera,
                    outbox.acknowledged(),
                    List.copyOf(player.tooLarge()),
                    List.copyOf(player.unusable()),
                    player.tally().damaged(),
                    outbox.replaced(),
                    lost));
            return player.tooLarge().isEmpty() && player.unusable().isEmpty() && lost == 0 ? 0 : 1;
        }
    }

    private void reportDamage(FrameSource.Tally tally, Consumer<String> notices) {
        if (tally.damaged() > 0) {
            notices.accept(tally.damaged() + " of " + tally.frames() + " frames were damaged"
                    + (damaged == Playback.Damaged.SKIP ? " and left out" : ""));
        }
    }

    private void print(Summary summary) {
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? new String(Json.write(summary), UTF_8)
                                : "Published " + frames(summary.published()) + " of camera " + summary.camera() + ".");
    }

    private static String frames(long count) {
        return count + (count == 1 ? " frame" : " frames");
    }

    private ParameterException wrongUsage(String message, Exception cause) {
        return new ParameterException(spec.commandLine(), message, cause);
    }
}
