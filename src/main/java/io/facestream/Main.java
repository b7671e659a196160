package io.facestream;

import io.facestream.bench.BenchCommand;
import io.facestream.cli.alerts.AlertsCommand;
import io.facestream.cli.cameras.CamerasCommand;
import io.facestream.cli.evaluate.EvaluateCommand;
import io.facestream.cli.gallery.GalleryCommandLine;
import io.facestream.cli.keys.KeysCommand;
import io.facestream.cli.models.ModelsCommand;
import io.facestream.cli.models.TrainCommand;
import io.facestream.cli.people.CheckCommand;
import io.facestream.cli.people.EnrolCommand;
import io.facestream.cli.people.IdentifyCommand;
import io.facestream.cli.publish.PublishCommand;
import io.facestream.cli.publish.WatchCommand;
import io.facestream.cli.service.MigrateCommand;
import io.facestream.cli.service.SetupCommand;
import io.facestream.cli.service.UpCommand;
import io.facestream.cli.sightings.SightingsCommand;
import io.facestream.cli.terminal.Failures;
import io.facestream.cli.users.UsersCommand;
import io.facestream.configuration.Absence;
import io.facestream.demo.DemoCommand;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The start of every process. Exit codes: 0 done, 1 failed with one clear line, 2 wrong usage. */
@QuarkusMain
@Command(
        name = "facestream",
        description = "Camera frames on Kafka in, identity events on Kafka out.",
        mixinStandardHelpOptions = true,
        version = "FaceStream 0.1.0",
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    /** In the order of the help. */
    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            UpCommand.class,
            SetupCommand.class,
            MigrateCommand.class,
            PublishCommand.class,
            CamerasCommand.class,
            SightingsCommand.class,
            AlertsCommand.class,
            EnrolCommand.class,
            CheckCommand.class,
            GalleryCommandLine.class,
            WatchCommand.class,
            IdentifyCommand.class,
            TrainCommand.class,
            ModelsCommand.class,
            KeysCommand.class,
            UsersCommand.class,
            EvaluateCommand.class,
            BenchCommand.class);

    private static final Pattern SENTENCE_END = Pattern.compile("[.?!]$");
    private static final Pattern BETWEEN_SENTENCES = Pattern.compile("(?<=[.?!])\\s+(?=[\\p{Lu}`])");

    public static void main(String[] arguments) {
        // pictures and plots are drawn but never displayed, so a headless Java is enough even on a machine with a
        // screen
        System.setProperty("java.awt.headless", "true");
        System.exit(commandLine(arguments).execute(arguments));
    }

    /** All commands, ready to execute in this process. */
    public static CommandLine commandLine() {
        return commandLine(COMMANDS);
    }

    /** Only the command asked for, if there is one: reading the options of all takes longer than many commands run. */
    static CommandLine commandLine(String[] arguments) {
        return COMMANDS.stream()
                .filter(command -> arguments.length > 0 && name(command).equals(arguments[0]))
                .findFirst()
                .map(command -> commandLine(List.of(command)))
                .orElseGet(Main::commandLine);
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static CommandLine commandLine(List<Class<?>> commands) {
        IExecutionExceptionHandler oneLine = (failure, command, parsed) -> {
            String line = Absence.explain(failure).orElseGet(() -> Failures.oneLine(failure));
            command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + line);
            if (Boolean.getBoolean("facestream.stack-traces")) {
                failure.printStackTrace(command.getErr());
            }
            return CommandLine.ExitCode.SOFTWARE;
        };
        CommandLine commandLine = new CommandLine(new Main());
        commands.forEach(command -> commandLine.addSubcommand(name(command), command));
        commandLine.setExecutionExceptionHandler(oneLine).setCaseInsensitiveEnumValuesAllowed(true);
        breakAtSentences(commandLine);
        return commandLine;
    }

    /**
     * Joins a description's strings, which are lines of the source, into paragraphs. In the help each string would
     * begin a line, and the list of commands shows only the first one, so the first sentence becomes a line of its own.
     */
    private static void breakAtSentences(CommandLine command) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        List<String> paragraphs = new ArrayList<>();
        StringBuilder paragraph = new StringBuilder();
        for (String line : usage.description()) {
            paragraph.append(paragraph.isEmpty() ? "" : " ").append(line);
            if (SENTENCE_END.matcher(line).find()) {
                paragraphs.add(paragraph.toString());
                paragraph.setLength(0);
            }
        }
        if (!paragraph.isEmpty()) {
            paragraphs.add(paragraph.toString());
        }
        if (!paragraphs.isEmpty()) {
            paragraphs.addAll(0, List.of(BETWEEN_SENTENCES.split(paragraphs.remove(0), 2)));
        }
        usage.description(paragraphs.toArray(String[]::new));
        command.getSubcommands().values().forEach(Main::breakAtSentences);
    }
}
