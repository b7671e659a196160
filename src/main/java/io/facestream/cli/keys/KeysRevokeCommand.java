package io.facestream.cli.keys;

import io.facestream.configuration.Settings;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "revoke",
        description = "Revokes a key. Every replica refuses it from now on.",
        mixinStandardHelpOptions = true)
final class KeysRevokeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "One that `keys list` shows.")
    private String name;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException {
        new KeyTable(Settings.load().database()).revoke(name);
        spec.commandLine().getOut().println("\"" + name + "\" is revoked.");
        return 0;
    }
}
