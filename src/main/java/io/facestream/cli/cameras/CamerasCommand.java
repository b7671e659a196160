package io.facestream.cli.cameras;

import picocli.CommandLine.Command;

@Command(
        name = "cameras",
        description = "Says which cameras the role `cameras` films, and tries one.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CamerasAddCommand.class,
            CamerasListCommand.class,
            CamerasRemoveCommand.class,
            CamerasTestCommand.class
        })
public final class CamerasCommand {}
