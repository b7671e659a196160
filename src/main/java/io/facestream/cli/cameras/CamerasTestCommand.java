package io.facestream.cli.cameras;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cameras.CameraDefinition;
import io.facestream.cameras.CameraTrial;
import io.facestream.cameras.CamerasConfig;
import io.facestream.configuration.Settings;
import io.facestream.messaging.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "test",
        description = {
            "Films a camera for a few seconds from here, and says what it sees; Kafka is not needed.",
            "The rules for addresses and secrets are those of `cameras add`, the settings those of the role."
        },
        mixinStandardHelpOptions = true)
final class CamerasTestCommand implements Callable<Integer> {
    private static final int LONGEST = 600;

    @Parameters(index = "0", paramLabel = "URL", description = "As in `cameras add`.")
    private String url;

    @Option(names = "--fps", paramLabel = "N", description = "Frames per second that are looked at; default: 5.")
    private Double framesPerSecond;

    @Option(names = "--rotate", paramLabel = "DEGREES", description = "90, 180 or 270, clockwise.")
    private Integer rotation;

    @Option(names = "--secret", paramLabel = "NAME", description = "As in `cameras add`.")
    private String secret;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long it is filmed; default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--picture", paramLabel = "OUT.jpg", description = "Writes the last picture to this file.")
    private Path picture;

    @Option(names = "--json", description = "Prints the figures as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (seconds < 1 || seconds > LONGEST) {
            throw new ParameterException(spec.commandLine(), "--seconds is 1 to " + LONGEST + ", not " + seconds);
        }
        CameraDefinition definition;
        try {
            // It is filmed here, wherever "here" is.
            definition = new CameraDefinition(url, framesPerSecond, rotation, null, null, "here", true, secret);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        CameraTrial.Result result = CameraTrial.film(
                definition, Settings.load().get(CamerasConfig.class), Duration.ofSeconds(seconds), picture -> {});
        if (picture != null) {
            Files.write(picture, result.picture());
        }
        spec.commandLine().getOut().println(json ? json(result) : line(definition, result));
        return 0;
    }

    private static String json(CameraTrial.Result result) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("firstPictureMillis", result.firstPictureMillis());
        figures.put("width", result.width());
        figures.put("height", result.height());
        figures.put("framesPerSecond", result.framesPerSecond());
        figures.put("frames", result.frames());
        figures.put("passed", result.passed());
        figures.put("damaged", result.damaged());
        figures.put("pictureBytes", result.picture().length);
        return new String(Json.write(figures), UTF_8);
    }

    private static String line(CameraDefinition definition, CameraTrial.Result result) {
        return String.format(
                Locale.ROOT,
                "%s plays: %dx%d, %.1f frames/s, first picture after %.1f s; %d frames looked at, the gate let %d pass;"
                        + " %d damaged; a picture has %d kB",
                definition.address(),
                result.width(),
                result.height(),
                result.framesPerSecond(),
                result.firstPictureMillis() / 1e3,
                result.frames(),
                result.passed(),
                result.damaged(),
                result.picture().length / 1_000);
    }
}
