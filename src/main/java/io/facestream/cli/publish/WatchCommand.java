package io.facestream.cli.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cli.terminal.EventLine;
import io.facestream.cli.terminal.Failures;
import io.facestream.cli.terminal.SightingLine;
import io.facestream.cli.topics.CameraNameConverter;
import io.facestream.cli.topics.LastingFollower;
import io.facestream.cli.topics.TopicFollower;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "watch",
        description = {
            "Prints identity events as they come, one per line, until Ctrl-C; with --sightings visits.",
            "If no broker answers, the command waits for one."
        },
        mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofSeconds(1);

    @Option(names = "--sightings", description = "Prints visits instead of faces: who came, who it is, who left.")
    private boolean sightings;

    @Option(names = "--json", description = "Prints the events' own JSON, one per line.")
    private boolean json;

    @Option(
            names = "--camera",
            converter = CameraNameConverter.class,
            paramLabel = "ID",
            description = "Events of this camera only.")
    private String camera;

    @Option(names = "--from-beginning", description = "Also prints the events that the topic still holds.")
    private boolean fromBeginning;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        TopicFollower.From from = fromBeginning ? TopicFollower.From.BEGINNING : TopicFollower.From.NOW;
        CountDownLatch stop = new CountDownLatch(1);
        Optional<LastingFollower> opened = LastingFollower.open(
                sightings ? Topic.SIGHTINGS : Topic.IDENTITY_EVENTS,
                from,
                spec.commandLine().getErr()::println,
                stop);
        try (LastingFollower follower = opened.orElseThrow()) {
            while (!out.checkError()) {
                for (ConsumerRecord<byte[], byte[]> record : follower.poll(POLL)) {
                    print(record, out);
                }
            }
        }
        return 0;
    }

    private void print(ConsumerRecord<byte[], byte[]> record, PrintWriter out) {
        try {
            String type = CloudEventRecords.require(record).getType();
            if (type.equals(IdentityEvent.TYPE)) {
                IdentityEvent event = Json.read(record.value(), IdentityEvent.class);
                print(event.origin().camera(), record, EventLine.of(event), out);
            } else if (type.equals(Sighting.TYPE)) {
                Sighting sighting = Json.read(record.value(), Sighting.class);
                print(sighting.camera(), record, SightingLine.of(sighting), out);
            }
        } catch (RejectedException e) {
            spec.commandLine().getErr().println(RecordPointer.to(record) + " is not an event: " + Failures.oneLine(e));
        }
    }

    private void print(String from, ConsumerRecord<byte[], byte[]> record, String line, PrintWriter out) {
        if (camera == null || camera.equals(from)) {
            out.println(json ? new String(record.value(), UTF_8) : line);
        }
    }
}
