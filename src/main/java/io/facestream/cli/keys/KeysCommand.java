package io.facestream.cli.keys;

import picocli.CommandLine.Command;

@Command(
        name = "keys",
        description = "Makes, lists and revokes keys of the REST API. The database holds their hashes only.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KeysAddCommand.class, KeysListCommand.class, KeysRevokeCommand.class})
public final class KeysCommand {}
