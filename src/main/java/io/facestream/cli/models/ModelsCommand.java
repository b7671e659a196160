package io.facestream.cli.models;

import picocli.CommandLine.Command;

@Command(
        name = "models",
        description = "Lists the recognition networks in the database, and changes which one is active.",
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
