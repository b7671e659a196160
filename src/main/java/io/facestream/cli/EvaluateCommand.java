package io.facestream.cli;

import picocli.CommandLine.Command;

@Command(
        name = "evaluate",
        description = "Measures accuracy on photos of your own, by the field's protocols.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            EvaluateVerificationCommand.class,
            EvaluateIdentificationCommand.class,
            EvaluateDetectionCommand.class,
            EvaluateCalibrationCommand.class
        })
final class EvaluateCommand {}
