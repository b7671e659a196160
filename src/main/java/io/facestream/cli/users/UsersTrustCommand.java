package io.facestream.cli.users;

import io.facestream.configuration.Settings;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "trust",
        description = "Lets an OpenID Connect provider vouch for users.",
        mixinStandardHelpOptions = true)
final class UsersTrustCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ISSUER", description = "Its address, as facestream.web.oidc.issuer has it.")
    private String issuer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException {
        new IssuerTable(Settings.load().database()).trust(issuer);
        spec.commandLine().getOut().println(issuer + " is trusted.");
        return 0;
    }
}
