package io.facestream.cli.users;

import io.facestream.cli.keys.KeyRole;
import io.facestream.configuration.Settings;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "add",
        description = {
            "Adds a user of the page.",
            "A viewer sees visits and people, an operator also changes and searches people, an admin may do everything."
        },
        mixinStandardHelpOptions = true)
final class UsersAddCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "NAME",
            description = "What they sign in as, at most 100 characters.",
            converter = UserNameConverter.class)
    private String name;

    @Option(
            names = "--role",
            required = true,
            paramLabel = "ROLE",
            description = "What they may do: ${COMPLETION-CANDIDATES}.")
    private KeyRole role;

    @Mixin
    private Password password;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        String chosen = password.get();
        new UserTable(Settings.load().database()).add(name, role, chosen);
        if (password.isGenerated()) {
            spec.commandLine().getOut().println(chosen);
        }
        return 0;
    }
}
