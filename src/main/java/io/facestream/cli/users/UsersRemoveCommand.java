package io.facestream.cli.users;

import io.facestream.configuration.Settings;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "remove",
        description = "Removes a user. Every replica refuses them from now on.",
        mixinStandardHelpOptions = true)
final class UsersRemoveCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "One that `users list` shows.", converter = UserNameConverter.class)
    private String name;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException {
        new UserTable(Settings.load().database()).remove(name);
        spec.commandLine().getOut().println("\"" + name + "\" is removed.");
        return 0;
    }
}
