package io.facestream.cli.sightings;

import picocli.CommandLine.Command;

@Command(
        name = "sightings",
        description = "Shows visits: who was before which camera, and when.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SightingsListCommand.class})
public final class SightingsCommand {}
