package io.facestream.cli.cameras;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cameras.CameraDefinition;
import io.facestream.cameras.Gating;
import io.facestream.cli.topics.CameraNameConverter;
import io.facestream.cli.topics.RecordPublisher;
import io.facestream.configuration.Settings;
import io.facestream.messaging.Json;
import io.facestream.messaging.Topic;
import java.io.File;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "add",
        description = {
            "Has a camera filmed, or changes how: the whole definition is written anew.",
            "A login does not belong into the address: it is a file below facestream.cameras.secrets, see --secret."
        },
        mixinStandardHelpOptions = true)
final class CamerasAddCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            converter = CameraNameConverter.class,
            paramLabel = "ID",
            description = "The camera's name, which its frames and events carry.")
    private String camera;

    @Parameters(
            index = "1",
            paramLabel = "URL",
            description =
                    "rtsp://, rtsps://, http://, https://, webcam:0, or file:NAME below facestream.cameras.folder.")
    private String url;

    @Option(names = "--fps", paramLabel = "N", description = "Frames per second that are looked at; default: 5.")
    private Double framesPerSecond;

    @Option(names = "--rotate", paramLabel = "DEGREES", description = "Turns its pictures clockwise by 90, 180 or 270.")
    private Integer rotation;

    @Option(
            names = "--gate",
            paramLabel = "motion|none",
            description = "Whether only frames with motion are sent, or all; default: motion.")
    private Gating gate;

    @Option(
            names = "--keep-alive",
            paramLabel = "DURATION",
            description = "The longest time without a frame where nothing moves, PT0.1S to PT10S; default: PT10S.")
    private Duration keepAlive;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "The host that alone films it (its facestream.cameras.host); required for webcam: and file:.")
    private String host;

    @Option(
            names = "--secret",
            paramLabel = "NAME",
            description = "The file below facestream.cameras.secrets that holds its host, user and password.")
    private String secret;

    @Option(names = "--disabled", description = "Keeps the camera, but does not film.")
    private boolean disabled;

    @Option(names = "--json", description = "Prints the definition as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CameraDefinition definition;
        try {
            definition = new CameraDefinition(url, framesPerSecond, rotation, gate, keepAlive, host, !disabled, secret);
        } catch (IllegalArgumentException e) {
            String instead = new File(url).isFile() ? "; `publish --camera=" + camera + "` plays a video file" : "";
            throw new ParameterException(spec.commandLine(), e.getMessage() + instead, e);
        }
        try (RecordPublisher publisher = new RecordPublisher(Settings.load(), Topic.CAMERAS)) {
            publisher.camera(camera, definition);
            publisher.flush();
        }
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? new String(Json.write(ListedCamera.of(camera, definition)), UTF_8)
                                : "Camera " + camera + (disabled ? " is kept, not filmed, at " : " is filmed from ")
                                        + definition.address() + ".");
        return 0;
    }
}
