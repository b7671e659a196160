package io.facestream.cli.models;

import picocli.CommandLine.Command;

@Command(
        name = "models",
        description =
                "The recognition networks in the database: which there are, which one is active, and how to change that.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelsListCommand.class,
            ModelsShowCommand.class,
            ModelsPromoteCommand.class,
            ModelsRollbackCommand.class,
            ModelsRetireCommand.class,
            ModelsExportCommand.class,
            ModelsImportCommand.class
        })
public final class ModelsCommand {}
