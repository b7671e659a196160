package io.facestream.cli.users;

import picocli.CommandLine.Command;

@Command(
        name = "users",
        description = "Adds, lists and removes users of the page. The database holds hashes of their passwords only.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UsersAddCommand.class,
            UsersListCommand.class,
            UsersRemoveCommand.class,
            UsersPasswordCommand.class,
            UsersTrustCommand.class,
            UsersDistrustCommand.class
        })
public final class UsersCommand {}
