package io.facestream.cli.service;

import io.facestream.embedded.Setup;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "setup",
        description = "Installs what this machine lacks for the embedded default: PostgreSQL and pgvector.",
        mixinStandardHelpOptions = true)
public final class SetupCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        Setup.run(System.out::println);
        return 0;
    }
}
