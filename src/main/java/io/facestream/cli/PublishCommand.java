package io.facestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.frames.CameraFrame;
import io.facestream.messaging.Json;
import io.facestream.messaging.Topic;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
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
            "A video is played at its own speed, an RTSP stream or a webcam as it comes; one that breaks off is opened again"
                    + " until Ctrl-C, which ends in order: what was published has arrived.",
            "Exits with 1 if a picture was too large."
        },
        mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "SOURCE",
            description = "A video file, pictures, a folder or a quoted glob of pictures, rtsp://..., or webcam:0.")
    private List<String> sources;

    @Option(names = "--camera", required = true, paramLabel = "ID", description = "Which camera the frames are of.")
    private String camera;

    @Option(
            names = "--fps",
            paramLabel = "N",
            description = "Frames a second of the source's time; all of a video's, and pictures at once, unless told.")
    private Double framesPerSecond;

    @Option(names = "--loop", description = "Starts again at the end.")
    private boolean loop;

    @Option(
            names = "--unpaced",
            description = "As fast as Kafka takes it; capture times stay apart as at the source's own speed.")
    private boolean unpaced;

    @Option(names = "--json", description = "Prints what was done as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** What was done. */
    record Summary(String camera, long published, List<String> tooLarge) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!CameraFrame.isCameraName(camera)) {
            throw wrongUsage("--camera is a name without control characters, of at most 256 bytes", null);
        }
        if (framesPerSecond != null && !(framesPerSecond > 0 && framesPerSecond <= Integer.MAX_VALUE)) {
            throw wrongUsage("--fps is a positive number, not " + framesPerSecond, null);
        }
        Footage footage;
        try {
            footage = Footage.of(sources);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(e.getMessage(), e);
        }
        OptionalDouble rate = framesPerSecond == null ? OptionalDouble.empty() : OptionalDouble.of(framesPerSecond);
        try (RecordPublisher publisher = new RecordPublisher(Settings.load(), Topic.CAMERA_FRAMES)) {
            FramePlayer player = new FramePlayer(
                    publisher, camera, rate, !unpaced, spec.commandLine().getErr());
            try (OrderlyEnd ignored = new OrderlyEnd(player::stop)) {
                do {
                    player.play(footage);
                } while (loop && !player.stopped());
                publisher.flush();
                print(new Summary(camera, player.published(), List.copyOf(player.tooLarge())));
            }
            return player.tooLarge().isEmpty() ? 0 : 1;
        }
    }

    private void print(Summary summary) {
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? new String(Json.write(summary), UTF_8)
                                : "Published " + summary.published() + " frames of camera " + summary.camera() + ".");
    }

    private ParameterException wrongUsage(String message, Exception cause) {
        return new ParameterException(spec.commandLine(), message, cause);
    }
}
