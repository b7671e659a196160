package io.facestream.cli.users;

import io.facestream.cli.terminal.Listing;
import io.facestream.configuration.Settings;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "list", description = "Lists all users, by name.", mixinStandardHelpOptions = true)
final class UsersListCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Prints one line of JSON per user.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException {
        Listing.print(
                spec.commandLine().getOut(),
                new UserTable(Settings.load().database()).all(),
                "No user: add one with `facestream users add NAME --role ROLE`.",
                json,
                UsersListCommand::line);
        return 0;
    }

    private static String line(UserTable.Listed user) {
        return String.format(
                Locale.ROOT,
                "%-30s %-9s added %s  signed in: %d",
                user.name(),
                user.role(),
                LocalDate.ofInstant(user.createdAt(), ZoneOffset.UTC),
                user.sessions());
    }
}
