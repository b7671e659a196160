package io.facestream.cli.evaluate;

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
            EvaluateStrangersCommand.class,
            EvaluateCalibrationCommand.class,
            EvaluatePromisesCommand.class,
            EvaluateQualityCommand.class,
            EvaluatePresentationAttackCommand.class
        })
public final class EvaluateCommand {}
