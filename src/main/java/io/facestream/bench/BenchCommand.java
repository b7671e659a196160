package io.facestream.bench;

import picocli.CommandLine.Command;

@Command(
        name = "bench",
        description = "Measures speed.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BenchPipelineCommand.class,
            BenchSearchCommand.class,
            BenchGateCommand.class,
            BenchCamerasCommand.class
        })
public final class BenchCommand {}
