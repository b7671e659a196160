package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The compose file's database: a server of this machine, made as the image's entrypoint makes it, and in it what the
 * script makes that the image would run.
 */
public final class ComposeDatabase implements AutoCloseable {
    private final ServerUser user = ServerUser.current();
    private final PostgresBinaries binaries = PostgresBinaries.find().orElseThrow();
    private final int port = FreePort.orGiven(0);
    private final Path folder;

    private ComposeDatabase(Path folder) {
        this.folder = folder;
    }

    /**
     * @param script that the image runs once, as superuser and through the socket
     * @param environment of the container
     */
    public static ComposeDatabase start(Path script, Map<String, String> environment) throws IOException {
        Setup.run(System.out::println);
        ComposeDatabase database = new ComposeDatabase(TestServices.newFolder());
        try {
            database.make(script, environment);
            return database;
        } catch (IOException | RuntimeException | Error e) {
            database.close();
            throw e;
        }
    }

    private void make(Path script, Map<String, String> environment) throws IOException {
        // the entrypoint reads the file, and what it runs afterwards sees only this
        Map<String, String> left = new HashMap<>(environment);
        String password =
                Files.readString(Path.of(left.remove("POSTGRES_PASSWORD_FILE"))).replaceFirst("\n$", "");
        left.put("POSTGRES_PASSWORD", password);
        // where the server's user can read it
        Path service = Files.copy(Path.of(left.get("SERVICE_PASSWORD_FILE")), folder.resolve("service-secret"));
        left.put("SERVICE_PASSWORD_FILE", service.toString());
        Path secret = Files.writeString(folder.resolve("secret"), password);
        Path copy = Files.copy(script, folder.resolve("create-database.sh"));
        user.own(folder);

        List<String> initdb = new ArrayList<>(
                List.of("initdb", "--pgdata=data", "--username=postgres", "--pwfile=" + secret, "--no-sync"));
        initdb.addAll(List.of(environment.get("POSTGRES_INITDB_ARGS").split(" ")));
        run(Map.of(), initdb);
        run(
                Map.of(),
                List.of(
                        "pg_ctl",
                        "start",
                        "--wait",
                        "--pgdata=data",
                        "--log=log",
                        "--options=-c listen_addresses=127.0.0.1 -c fsync=off -p " + port + " -k " + folder));
        run(left, List.of(copy.toString()));
    }

    /** Runs the container's health check, which must succeed. */
    public void check(List<String> healthcheck) throws IOException {
        run(Map.of(), healthcheck);
    }

    /** In the server's folder, as its user, with its programs before others of their names. */
    private void run(Map<String, String> environment, List<String> command) throws IOException {
        Path programs = Path.of(binaries.program("initdb")).getParent();
        List<String> words = new ArrayList<>(
                List.of("env", "PATH=" + programs + ":/usr/bin:/bin", "PGHOST=" + folder, "PGPORT=" + port));
        environment.forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(command);
        Command ended = user.run(folder, words.toArray(String[]::new));
        assertThat(ended.succeeded()).as("%s", ended.output()).isTrue();
    }

    /** {@code host:port} */
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(folder.resolve("data/postmaster.pid"))) {
            run(Map.of(), List.of("pg_ctl", "stop", "--mode=immediate", "--pgdata=data"));
        }
        FileTree.delete(folder);
    }
}
