package io.facestream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cameras.CameraDefinition;
import io.facestream.cameras.CameraTrial;
import io.facestream.cameras.CamerasConfig;
import io.facestream.cameras.Gating;
import io.facestream.configuration.Settings;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
        name = "cameras",
        description = {
            "Films a camera as the role `cameras` does, and says how many such cameras a core carries.",
            "The CPU time of decoding, gate and JPEG is measured, and that of detection and embedding, one thread, on"
                    + " the frames that passed. Kafka and the database are not in it.",
            "Of a recording (file:NAME) nothing is waited for."
        },
        mixinStandardHelpOptions = true)
final class BenchCamerasCommand implements Callable<Integer> {
    private static final int LONGEST = 3_600;
    private static final int MOST_PICTURES = 200;

    @Parameters(index = "0", paramLabel = "URL", description = "As in `cameras add`.")
    private String url;

    @Option(names = "--fps", paramLabel = "N", description = "Frames per second that are looked at; default: 5.")
    private Double framesPerSecond;

    @Option(names = "--secret", paramLabel = "NAME", description = "As in `cameras add`.")
    private String secret;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "How long it is filmed; default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--busy",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "The share of the time in which somebody is there, for the second line; default:"
                    + " ${DEFAULT-VALUE}.")
    private double busy;

    @Option(
            names = "--frame-millis",
            paramLabel = "MS",
            description = "CPU time of detection and embedding for a frame; default: measured.")
    private Double frameMillis;

    @Option(names = "--json", description = "Prints the figures as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, RejectedException {
        if (seconds < 1 || seconds > LONGEST) {
            throw refused("--seconds is 1 to " + LONGEST + ", not " + seconds);
        }
        if (!(busy >= 0 && busy <= 1)) {
            throw refused("--busy is 0 to 1, not " + busy);
        }
        if (frameMillis != null && !(frameMillis >= 0)) {
            throw refused("--frame-millis is not negative, as " + frameMillis + " is");
        }
        CameraDefinition definition;
        try {
            // It is filmed here, wherever "here" is.
            definition = new CameraDefinition(url, framesPerSecond, null, Gating.MOTION, null, "here", true, secret);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        Settings settings = Settings.load();
        List<byte[]> pictures = new ArrayList<>();
        CameraTrial.Result filmed = CameraTrial.film(
                definition, settings.get(CamerasConfig.class), Duration.ofSeconds(seconds), picture -> {
                    if (pictures.size() < MOST_PICTURES) {
                        pictures.add(picture);
                    }
                });
        if (filmed.seconds() == 0) {
            throw new IOException(definition.address() + " has one picture only");
        }
        print(definition, filmed, frameMillis == null ? FrameCost.millis(pictures, settings) : frameMillis);
        return 0;
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private void print(CameraDefinition definition, CameraTrial.Result filmed, double millis) {
        double keepAlives = 1e9 / definition.keepAlive().toNanos();
        double looked = filmed.frames() / filmed.seconds();
        Map<String, CameraCost> costs = new LinkedHashMap<>();
        costs.put("as filmed", CameraCost.of(filmed, filmed.passed() / filmed.seconds(), millis));
        costs.put(
                String.format(Locale.ROOT, "busy %.0f %%", 100 * busy),
                CameraCost.of(filmed, busy * looked + (1 - busy) * keepAlives, millis));
        costs.put("nobody", CameraCost.of(filmed, keepAlives, millis));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new String(Json.write(figures(filmed, millis, costs)), UTF_8));
            return;
        }
        out.println(String.format(
                Locale.ROOT,
                "%s: %dx%d, %.1f frames/s, of which %.1f were decoded and %.1f looked at; %.1f %% of these passed",
                definition.address(),
                filmed.width(),
                filmed.height(),
                filmed.framesPerSecond(),
                filmed.decoded() / filmed.seconds(),
                looked,
                100.0 * filmed.passed() / filmed.frames()));
        out.println(String.format(
                Locale.ROOT,
                "CPU ms: decoding %.2f a frame of the stream, gate %.2f a frame looked at, JPEG %.2f and detection and"
                        + " embedding %.2f a frame that passed",
                filmed.cost().decoding() / filmed.streamed(),
                filmed.cost().gate(),
                filmed.cost().picture(),
                millis));
        out.println("CPU ms a second   decoding   gate    JPEG  detection, embedding     sum  cameras a core");
        costs.forEach((name, cost) -> out.println(String.format(
                Locale.ROOT,
                "%-16s %9.2f %7.2f %7.2f %21.2f %7.2f %15.0f",
                name,
                cost.decoding(),
                cost.gate(),
                cost.pictures(),
                cost.processing(),
                cost.sum(),
                cost.camerasPerCore())));
    }

    private static Map<String, Object> figures(
            CameraTrial.Result filmed, double millis, Map<String, CameraCost> costs) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("width", filmed.width());
        figures.put("height", filmed.height());
        figures.put("framesPerSecond", filmed.framesPerSecond());
        figures.put("decoded", filmed.decoded());
        figures.put("looked", filmed.frames());
        figures.put("passed", filmed.passed());
        figures.put("damaged", filmed.damaged());
        figures.put("decodingMillisAFrame", filmed.cost().decoding() / filmed.streamed());
        figures.put("gateMillisAFrame", filmed.cost().gate());
        figures.put("jpegMillisAFrame", filmed.cost().picture());
        figures.put("processingMillisAFrame", millis);
        figures.put("millisASecond", costs);
        return figures;
    }
}
