package io.facestream.cli.users;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.configuration.Settings;
import io.facestream.messaging.Json;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
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
        PrintWriter out = spec.commandLine().getOut();
        List<UserTable.Listed> all = new UserTable(Settings.load().database()).all();
        all.forEach(user -> out.println(json ? new String(Json.write(user), UTF_8) : line(user)));
        if (all.isEmpty() && !json) {
            out.println("No user: add one with `facestream users add NAME --role ROLE`.");
        }
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
