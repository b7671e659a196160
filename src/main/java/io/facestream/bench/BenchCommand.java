package io.facestream.bench;

import io.facestream.bench.gate.BenchGateCommand;
import picocli.CommandLine.Command;

@Command(
        name = "bench",
        description = "Measures speed.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BenchPipelineCommand.class,
            BenchIdentifyCommand.class,
            BenchDetectCommand.class,
            BenchEmbedCommand.class,
            BenchCamerasCommand.class,
            BenchSearchCommand.class,
            BenchGateCommand.class
        })
public final class BenchCommand {}
