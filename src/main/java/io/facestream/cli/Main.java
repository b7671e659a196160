package io.facestream.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;

/** Where every process starts. Exit codes: 0 done, 1 failed with one clear line, 2 wrong usage. */
@QuarkusMain
@Command(
        name = "facestream",
        description = "Camera frames on Kafka in, identity events on Kafka out.",
        mixinStandardHelpOptions = true,
        version = "FaceStream 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            SetupCommand.class,
            MigrateCommand.class,
            PublishCommand.class,
            EnrolCommand.class,
            CheckCommand.class,
            WatchCommand.class,
            IdentifyCommand.class,
            TrainCommand.class,
            ModelsCommand.class,
            EvaluateCommand.class,
            BenchCommand.class
        })
public final class Main {
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The commands, ready to be executed in this process. */
    static CommandLine commandLine() {
        IExecutionExceptionHandler oneLine = (failure, command, parsed) -> {
            String line = Absence.explain(failure).orElseGet(() -> Failures.oneLine(failure));
            command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + line);
            if (Boolean.getBoolean("facestream.stack-traces")) {
                failure.printStackTrace(command.getErr());
            }
            return CommandLine.ExitCode.SOFTWARE;
        };
        return new CommandLine(new Main())
                .setExecutionExceptionHandler(oneLine)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
