package io.facestream.cli.gallery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cli.topics.RecordPublisher;
import io.facestream.cli.topics.TopicFollower;
import io.facestream.configuration.Settings;
import io.facestream.curation.CommandsTopic;
import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.State;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Sends a command, and waits for its answer. */
final class Asking {
    private static final Duration POLL = Duration.ofMillis(200);

    /** A running service answers within a second; this leaves time for one that is still starting. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final UUID id = UUID.randomUUID();

    @Option(names = "--json", description = "Prints the answer as JSON.")
    private boolean json;

    /** Of the command. */
    UUID id() {
        return id;
    }

    /**
     * @param parent of the subcommand
     * @return the exit code
     * @throws ParameterException if the command is not allowed
     */
    int ask(CommandSpec parent, Supplier<GalleryCommand> made) throws RejectedException {
        GalleryCommand command;
        try {
            command = made.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(parent.commandLine(), e.getMessage(), e);
        }
        byte[] message = Json.write(command);
        if (message.length > CommandsTopic.LARGEST) {
            throw new ParameterException(
                    parent.commandLine(),
                    "that makes a command of " + message.length + " bytes, more than " + CommandsTopic.LARGEST
                            + ": ask for less at a time");
        }
        GalleryEvent answer = answer(message);
        PrintWriter out = parent.commandLine().getOut();
        if (json) {
            out.println(new String(Json.write(answer), UTF_8));
        } else if (answer.state() == State.DONE) {
            lines(command, answer).forEach(out::println);
        } else {
            parent.commandLine().getErr().println("facestream gallery " + command.kind() + ": " + answer.message());
        }
        return answer.state() == State.DONE ? 0 : 1;
    }

    private GalleryEvent answer(byte[] message) throws RejectedException {
        Settings settings = Settings.load();
        try (TopicFollower follower = new TopicFollower(settings, Topic.GALLERY_EVENTS, TopicFollower.From.NOW)) {
            try (RecordPublisher publisher = new RecordPublisher(settings, Topic.GALLERY_COMMANDS)) {
                publisher.galleryCommand(id, message);
                publisher.flush();
            }
            long since = System.nanoTime();
            while (System.nanoTime() - since < PATIENCE.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> record : follower.poll(POLL)) {
                    if (record.key() != null && id.toString().equals(new String(record.key(), UTF_8))) {
                        return Json.read(record.value(), GalleryEvent.class);
                    }
                }
            }
        }
        throw new IllegalStateException("command " + id + " was not answered for " + PATIENCE.toSeconds()
                + " s: is the role `curation` running? The command is done when it is");
    }

    private static Stream<String> topics(GalleryEvent answer) {
        if (answer.topics() == null) {
            return Stream.empty();
        }
        return Stream.concat(
                Stream.of(String.format(Locale.ROOT, "%-45s %s", "topic", "deletes its records by")),
                answer.topics().stream().map(left -> String.format(Locale.ROOT, "%-45s %s", left.topic(), by(left))));
    }

    private static String by(GalleryEvent.LeftOnTopic left) {
        if (left.endOffsets() == null) {
            return "not known: the role curation may not describe it";
        }
        return left.goneBy() == null
                ? "no time: its settings keep them"
                : left.goneBy().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static List<String> lines(GalleryCommand command, GalleryEvent answer) {
        List<String> lines = new ArrayList<>();
        if (command instanceof GalleryCommand.Erase erase) {
            boolean counted = Boolean.TRUE.equals(erase.dryRun());
            lines.add(String.format(Locale.ROOT, "%-19s %10s %10s", "table", "erased", "left"));
            answer.erased()
                    .forEach(table -> lines.add(String.format(
                            Locale.ROOT, "%-19s %10d %10d", table.table(), table.rows(), table.remaining())));
            topics(answer).forEach(lines::add);
            lines.add(
                    counted
                            ? "Nothing was erased: this was a dry run."
                            : "Erased at revision " + answer.revision() + ".");
            return lines;
        }
        StringBuilder done = new StringBuilder("Done");
        if (answer.person() != null) {
            done.append(": ").append(answer.person());
        }
        if (answer.people() != null) {
            done.append(", ").append(answer.people()).append(answer.people() == 1 ? " person" : " people");
        }
        if (answer.samples() != null) {
            done.append(", ").append(answer.samples()).append(answer.samples() == 1 ? " photo" : " photos");
        }
        lines.add(done.append('.').toString());
        if (command instanceof GalleryCommand.Merge
                || command instanceof GalleryCommand.Rename
                || command instanceof GalleryCommand.Split
                || command instanceof GalleryCommand.NotThisPerson
                || command instanceof GalleryCommand.Name name && name.stranger() != null) {
            lines.add("Take it back with: facestream gallery undo " + command.commandId());
        }
        return lines;
    }
}
