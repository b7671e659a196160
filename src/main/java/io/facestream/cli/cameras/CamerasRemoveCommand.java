package io.facestream.cli.cameras;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cameras.CamerasTopic;
import io.facestream.cli.topics.CameraNameConverter;
import io.facestream.cli.topics.RecordPublisher;
import io.facestream.configuration.Settings;
import io.facestream.messaging.Json;
import io.facestream.messaging.Topic;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "remove", description = "Takes a camera away.", mixinStandardHelpOptions = true)
final class CamerasRemoveCommand implements Callable<Integer> {
    @Parameters(index = "0", converter = CameraNameConverter.class, paramLabel = "ID", description = "Its name.")
    private String camera;

    @Option(names = "--json", description = "Prints the name of the camera as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Settings settings = Settings.load();
        try (RecordPublisher publisher = new RecordPublisher(settings, Topic.CAMERAS)) {
            Map<String, CamerasTopic.Entry> all = CamerasTopic.all(settings.kafka(), CamerasListCommand.PATIENCE);
            if (!all.containsKey(camera)) {
                throw new IllegalArgumentException("there is no camera " + camera
                        + (all.isEmpty() ? "; none is defined" : "; there are " + String.join(", ", all.keySet())));
            }
            publisher.withoutCamera(camera);
            publisher.flush();
        }
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? new String(Json.write(Map.of("removed", camera)), UTF_8)
                                : "Camera " + camera + " is filmed no more.");
        return 0;
    }
}
