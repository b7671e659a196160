package io.facestream.cli.alerts;

import picocli.CommandLine.Command;

@Command(
        name = "alerts",
        description = "Shows alerts: who was told of which visit, and what became of it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {AlertsListCommand.class})
public final class AlertsCommand {}
