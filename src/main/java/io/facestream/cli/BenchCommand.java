package io.facestream.cli;

import picocli.CommandLine.Command;

@Command(
        name = "bench",
        description = "Measures speed.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = BenchPipelineCommand.class)
final class BenchCommand {}
