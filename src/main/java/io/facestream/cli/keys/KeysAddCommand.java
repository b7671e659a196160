package io.facestream.cli.keys;

import io.facestream.configuration.Settings;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "add",
        description = {
            "Makes a key and prints it, this once.",
            "A viewer reads names and compares pictures, an operator also searches people by pictures, an admin may do"
                    + " everything."
        },
        mixinStandardHelpOptions = true)
final class KeysAddCommand implements Callable<Integer> {
    private static final int LONGEST_NAME = 100;

    @Parameters(paramLabel = "NAME", description = "Whose key it is, at most 100 characters; no two keys share one.")
    private String name;

    @Option(
            names = "--role",
            required = true,
            paramLabel = "ROLE",
            description = "What it allows: ${COMPLETION-CANDIDATES}.")
    private KeyRole role;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException {
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw new ParameterException(
                    spec.commandLine(), "a key's name has 1 to " + LONGEST_NAME + " characters, not " + name.length());
        }
        spec.commandLine().getOut().println(new KeyTable(Settings.load().database()).add(name, role));
        return 0;
    }
}
