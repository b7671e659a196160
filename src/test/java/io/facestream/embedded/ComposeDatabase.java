package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The compose file's database: a server of this machine, and in it what the script makes that the image would run. */
public final class ComposeDatabase implements AutoCloseable {
    private final Path folder;
    private final LocalPostgres server;
    private final PostgresBinaries binaries = PostgresBinaries.find().orElseThrow();

    private ComposeDatabase(Path folder) {
        this.folder = folder;
        this.server = LocalPostgres.start(folder, 0, LocalPostgres.Durability.THROW_AWAY);
    }

    /**
     * @param script that the image runs once, as superuser and with the container's environment
     * @param healthcheck what asks the server whether it is there
     */
    public static ComposeDatabase start(Path script, Map<String, String> environment, List<String> healthcheck)
            throws IOException {
        Setup.run(System.out::println);
        ComposeDatabase database = new ComposeDatabase(TestServices.newFolder());
        try {
            database.make(script, environment);
            database.run(Map.of(), healthcheck);
            return database;
        } catch (IOException | RuntimeException | Error e) {
            database.close();
            throw e;
        }
    }

    private void make(Path script, Map<String, String> environment) throws IOException {
        checkArguments(environment);
        // the image starts with nothing but the superuser, who needs no password on the server's own socket
        Files.write(folder.resolve("pg_hba.conf"), List.of("local all all trust", "host all all all scram-sha-256"));
        asServer("pg_ctl", "reload", "--pgdata=" + folder.resolve("data"));
        run(
                Map.of(),
                List.of(
                        "psql",
                        "--username=postgres",
                        "--command=drop database facestream",
                        "--command=drop role facestream, facestream_reader"));
        run(
                asTheEntrypointLeavesIt(environment),
                List.of(script.toAbsolutePath().toString()));
    }

    /** The image's entrypoint reads the file, and its scripts do not see where it lies. */
    private static Map<String, String> asTheEntrypointLeavesIt(Map<String, String> environment) throws IOException {
        Map<String, String> left = new HashMap<>(environment);
        left.put(
                "POSTGRES_PASSWORD",
                Files.readString(Path.of(left.remove("POSTGRES_PASSWORD_FILE"))).strip());
        return left;
    }

    /** The image gives them to initdb, which here only shows what it makes of them. */
    private void checkArguments(Map<String, String> environment) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--show",
                "--pgdata=" + folder.resolve("shown"),
                "--pwfile=" + environment.get("POSTGRES_PASSWORD_FILE")));
        arguments.addAll(List.of(environment.get("POSTGRES_INITDB_ARGS").split(" ")));
        asServer("initdb", arguments.toArray(String[]::new));
    }

    private void asServer(String program, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(binaries.program(program)));
        words.addAll(List.of(arguments));
        succeed(ServerUser.current().run(folder, words.toArray(String[]::new)));
    }

    private void run(Map<String, String> environment, List<String> command) throws IOException {
        List<String> words = new ArrayList<>(List.of("env", "PGHOST=" + folder.resolve("socket"), "PGPORT=" + port()));
        environment.forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(command);
        succeed(Command.run(folder, words));
    }

    private static void succeed(Command command) {
        assertThat(command.succeeded()).as(command.output().toString()).isTrue();
    }

    /** {@code host:port} */
    public String address() {
        return server.jdbcUrl().replaceFirst("jdbc:postgresql://([^/]*)/.*", "$1");
    }

    private String port() {
        return address().replaceFirst(".*:", "");
    }

    @Override
    public void close() {
        server.close();
        TestServices.delete(folder);
    }
}
