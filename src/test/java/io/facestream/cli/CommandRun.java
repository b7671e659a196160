package io.facestream.cli;

import io.facestream.Main;
import io.facestream.embedded.TestServices;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A command, run in this process, and what came of it. */
public record CommandRun(int exitCode, String out, String err) {
    public List<String> outLines() {
        return out.lines().toList();
    }

    public static CommandRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    /** Where commands find the tests' broker. */
    public static Map<String, String> kafka() {
        return Map.of("kafka.bootstrap.servers", TestServices.kafka().bootstrapServers());
    }

    /** Where commands find the tests' database. */
    public static Map<String, String> postgres() {
        TestServices.Postgres postgres = TestServices.postgres();
        return Map.of(
                "quarkus.datasource.jdbc.url", postgres.jdbcUrl(),
                "quarkus.datasource.username", postgres.userName(),
                "quarkus.datasource.password", postgres.password());
    }

    /** System properties that hold until they are closed. */
    public static final class Properties implements AutoCloseable {
        private final Map<String, String> before = new HashMap<>();

        public Properties(Map<String, String> properties) {
            properties.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
        }

        @Override
        public void close() {
            before.forEach((name, value) -> {
                if (value == null) {
                    System.clearProperty(name);
                } else {
                    System.setProperty(name, value);
                }
            });
        }
    }
}
