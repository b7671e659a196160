package io.facestream.cli.cameras;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cameras.CameraDefinition;
import io.facestream.cameras.CamerasTopic;
import io.facestream.cameras.states.CameraStatesTopic;
import io.facestream.cli.topics.TopicFollower;
import io.facestream.configuration.Settings;
import io.facestream.messaging.Json;
import io.facestream.messaging.Topic;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        description = {
            "Lists the cameras that are filmed, by name, and how they do: since when, and why one fails.",
        },
        mixinStandardHelpOptions = true)
final class CamerasListCommand implements Callable<Integer> {
    private static final int NAME = 20;
    static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(names = "--json", description = "Prints one line of JSON per camera.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Settings settings = Settings.load();
        TopicFollower.ensure(settings, List.of(Topic.CAMERAS, Topic.CAMERA_STATES));
        Collection<CamerasTopic.Entry> all =
                CamerasTopic.all(settings.kafka(), PATIENCE).values();
        Map<String, CameraStatesTopic.Entry> states = CameraStatesTopic.all(settings.kafka(), PATIENCE);
        for (CamerasTopic.Entry entry : all) {
            ListedCamera.Doing doing = ListedCamera.Doing.of(states.get(entry.camera()), Instant.now());
            out.println(json ? new String(Json.write(ListedCamera.of(entry, doing)), UTF_8) : line(entry));
            if (!json) {
                out.println(" ".repeat(NAME + 1) + doing);
            }
        }
        if (all.isEmpty() && !json) {
            out.println("No camera: add one with `facestream cameras add ID URL`.");
        }
        return 0;
    }

    private static String line(CamerasTopic.Entry entry) {
        if (entry.fault() != null) {
            return String.format(Locale.ROOT, "%-20s is not filmed: %s", entry.camera(), entry.fault());
        }
        CameraDefinition definition = entry.definition();
        return String.format(
                        Locale.ROOT,
                        "%-20s %-40s %s fps  gate %-6s  %s%s%s%s",
                        entry.camera(),
                        definition.address(),
                        definition.fps().toString().replaceFirst("\\.0$", ""),
                        definition.gate(),
                        definition.rotation() == 0 ? "" : "turned " + definition.rotation() + "  ",
                        definition.host() == null ? "" : "on " + definition.host() + "  ",
                        definition.secret() == null ? "" : "secret " + definition.secret() + "  ",
                        definition.enabled() ? "" : "disabled")
                .stripTrailing();
    }
}
