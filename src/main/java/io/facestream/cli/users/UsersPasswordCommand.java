package io.facestream.cli.users;

import io.facestream.configuration.Settings;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "password",
        description = "Gives a user another password, and signs them out everywhere.",
        mixinStandardHelpOptions = true)
final class UsersPasswordCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "One that `users list` shows.", converter = UserNameConverter.class)
    private String name;

    @Mixin
    private Password password;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        String chosen = password.get();
        new UserTable(Settings.load().database()).setPassword(name, chosen);
        if (password.isGenerated()) {
            spec.commandLine().getOut().println(chosen);
        }
        return 0;
    }
}
