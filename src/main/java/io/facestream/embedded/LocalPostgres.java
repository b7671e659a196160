package io.facestream.embedded;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * A PostgreSQL server with pgvector, run from the machine's own programs, on a port of 127.0.0.1 (and a socket in its
 * folder). Its database {@code facestream} belongs to the role {@code facestream}, which is not a superuser. The role
 * {@code facestream_reader} may log in and has no rights until it is granted some.
 *
 * <pre>
 *  folder/
 *    data/             the cluster, made once
 *    passwords         of the three roles; 0600, in the format of PGPASSFILE
 *    postgresql.conf   written at each start, as is pg_hba.conf
 *    socket/
 *    server.log        of this run; server.log.1 of the one before
 * </pre>
 *
 * <p>The server is started by {@code pg_ctl}, which puts it into a session of its own: Ctrl-C on a terminal reaches
 * this JVM and not the server, so the database is still there while the JVM drains, and the JVM's shutdown hook ends it
 * by {@link #close}. If the JVM is killed, the server goes on running, and the next start on the folder stops it first.
 * The caller therefore makes sure that no two processes use a folder at once.
 */
public final class LocalPostgres implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LocalPostgres.class);

    /** Another program may take the chosen port, and a killed server's children hold its memory for a moment. */
    private static final int START_ATTEMPTS = 3;

    /** Recovery after a kill replays at most the log since the last checkpoint: seconds on a slow disk. */
    private static final String START_SECONDS = "120";

    private static final String STOP_SECONDS = "60";

    /** Migrations take more than one. */
    private static final int MOST_CONNECTIONS = 4;

    private static final Duration ACQUISITION = Duration.ofSeconds(10);

    private final Path folder;
    private final PostgresBinaries binaries;
    private final ServerUser user;
    private final PasswordFile passwords;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalPostgres(Path folder, PostgresBinaries binaries, ServerUser user, PasswordFile passwords, int port) {
        this.folder = folder;
        this.binaries = binaries;
        this.user = user;
        this.passwords = passwords;
        this.port = port;
    }

    /** Starts a server that loses nothing: {@link #start(Path, int, Durability)}. */
    public static LocalPostgres start(Path folder, int port) {
        return start(folder, port, Durability.DURABLE);
    }

    /**
     * Starts a server on the folder's data and returns when its database, roles and extension exist. An empty or absent
     * folder gets a new cluster.
     *
     * @param folder its files; as root it must be one that user {@code postgres} can reach
     * @param port the port of 127.0.0.1; 0 chooses a free one
     * @throws EmbeddedException if it can't start
     */
    public static LocalPostgres start(Path folder, int port, Durability durability) {
        Path home = folder.toAbsolutePath().normalize();
        ServerUser user = ServerUser.current();
        try {
            EmbeddedHome.makeFolder(home, "rwx--x--x");
            user.requireReach(home);
            stopLeftOver(home);

            PostgresBinaries binaries = binariesFor(home);
            PasswordFile passwords = PostgresCluster.make(home, binaries, user, durability);
            LocalPostgres server = launch(home, binaries, user, passwords, port, durability);
            try {
                if (PostgresCluster.refusesPasswords(server.port, passwords)) {
                    stop(home, binaries, user);
                    LOG.warnf(
                            "The database refuses the passwords in %s, as it does after a restore from elsewhere:"
                                    + " they are set again",
                            passwords.path());
                    PostgresCluster.setSuperuserPassword(home, binaries, user, passwords);
                    server = launch(home, binaries, user, passwords, port, durability);
                }
                PostgresCluster.fill(server.port, passwords);
            } catch (IOException | SQLException | RuntimeException e) {
                closeAfter(e, server);
                throw e;
            }
            return server;
        } catch (IOException | SQLException e) {
            throw new EmbeddedException("PostgreSQL did not start in " + home + ": " + e.getMessage(), e);
        }
    }

    private static void closeAfter(Exception failure, LocalPostgres server) {
        try {
            server.close();
        } catch (EmbeddedException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    /** Of the database {@code facestream}, without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + PostgresCluster.DATABASE;
    }

    /** The role that owns the database: not a superuser, but allowed to create roles. */
    public String userName() {
        return PostgresCluster.OWNER;
    }

    /** The password of {@link #userName}. */
    public String password() {
        return passwords.password(PostgresCluster.OWNER);
    }

    /** The role for read-only users; it starts without rights. */
    public String readerName() {
        return PostgresCluster.READER;
    }

    /** The password of {@link #readerName}. */
    public String readerPassword() {
        return passwords.password(PostgresCluster.READER);
    }

    /** The passwords of all roles, readable by their owner only, in the format of psql's {@code PGPASSFILE}. */
    public Path passwordFile() {
        return passwords.path();
    }

    /** A command line that opens the database; it holds no password. */
    public String psqlCommand() {
        return "PGPASSFILE=%s %s -h 127.0.0.1 -p %d -U %s %s"
                .formatted(
                        ShellText.quoted(passwordFile()),
                        binaries.program("psql"),
                        port,
                        PostgresCluster.OWNER,
                        PostgresCluster.DATABASE);
    }

    /** Connections as the owner that stay open, as in the service. To be closed before the server. */
    public AgroalDataSource pool() throws SQLException {
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(MOST_CONNECTIONS)
                        .acquisitionTimeout(ACQUISITION)
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(jdbcUrl())
                                .principal(new NamePrincipal(userName()))
                                .credential(new SimplePassword(password())))));
    }

    /** Stops the server cleanly: open transactions are rolled back, connections closed (fast mode). */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                stop(folder, binaries, user);
            } catch (IOException e) {
                throw new EmbeddedException("PostgreSQL in " + folder + " did not stop: " + e.getMessage(), e);
            }
        }
    }

    /**
     * Stops the server that a killed JVM left running on the folder. Without such a server it removes a stale pid file:
     * after a restart of the machine another program may have that pid, and PostgreSQL would not start.
     */
    static void stopLeftOver(Path folder) throws IOException {
        Path pidFile = folder.resolve("data/postmaster.pid");
        Optional<Long> pid = readPid(pidFile);
        if (pid.isEmpty()) {
            return;
        }
        if (runs(folder, pid.get())) {
            LOG.infof(
                    "Stopping the PostgreSQL that a killed process left running; pid=%d folder=%s", pid.get(), folder);
            stop(folder, binariesFor(folder), ServerUser.current());
        } else {
            Files.deleteIfExists(pidFile);
        }
    }

    /** Whether that process is a server on the folder's data. */
    private static boolean runs(Path folder, long pid) {
        String data = folder.resolve("data").toString();
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().arguments())
                .filter(arguments -> Arrays.asList(arguments).contains(data))
                .isPresent();
    }

    private static Optional<Long> readPid(Path pidFile) throws IOException {
        try {
            return Files.readAllLines(pidFile).stream().findFirst().map(line -> Long.parseLong(line.trim()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The newest programs, or for an existing cluster those of its version: others can't read it. */
    private static PostgresBinaries binariesFor(Path folder) throws IOException {
        Path versionFile = folder.resolve("data/PG_VERSION");
        if (!Files.exists(versionFile)) {
            return PostgresBinaries.find()
                    .orElseThrow(() -> new EmbeddedException(
                            "no PostgreSQL with pgvector on this machine: './facestream setup' installs them"));
        }
        int major = Integer.parseInt(Files.readString(versionFile).trim());
        return PostgresBinaries.find(major)
                .orElseThrow(() -> new EmbeddedException("the data in " + folder + " was written by PostgreSQL " + major
                        + ", which is not installed here with pgvector: install it, or move the data with pg_dump, as"
                        + " docs/operations.md says"));
    }

    private static LocalPostgres launch(
            Path folder,
            PostgresBinaries binaries,
            ServerUser user,
            PasswordFile passwords,
            int port,
            Durability durability)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            int chosen = FreePort.orGiven(port);
            Path log = ServerConfiguration.write(folder, user, chosen, durability);
            Command start = user.run(
                    folder,
                    binaries.program("pg_ctl"),
                    "start",
                    "--wait",
                    "--timeout=" + START_SECONDS,
                    "--pgdata=" + folder.resolve("data"),
                    "--log=" + log,
                    "--options=-c config_file=" + ShellText.quoted(folder.resolve("postgresql.conf")));
            if (start.succeeded()) {
                return new LocalPostgres(folder, binaries, user, passwords, chosen);
            }
            // pg_ctl may have given up on a server that is still starting, or may itself have been killed
            stop(folder, binaries, user);
            if (attempt == START_ATTEMPTS) {
                throw new EmbeddedException("PostgreSQL did not start on 127.0.0.1:" + chosen + ": "
                        + reason(log).orElseGet(start::lastLine) + " (more in " + log + ")");
            }
            pause();
        }
    }

    /**
     * Tries a fast stop first. If that takes too long, as after a crash, stops at once and leaves recovery to the next
     * start.
     */
    private static void stop(Path folder, PostgresBinaries binaries, ServerUser user) throws IOException {
        for (String mode : List.of("fast", "immediate")) {
            if (!Files.exists(folder.resolve("data/postmaster.pid"))) {
                return;
            }
            Command stop = user.run(
                    folder,
                    binaries.program("pg_ctl"),
                    "stop",
                    "--wait",
                    "--timeout=" + STOP_SECONDS,
                    "--mode=" + mode,
                    "--pgdata=" + folder.resolve("data"));
            if (stop.succeeded()) {
                return;
            }
            LOG.warnf("PostgreSQL did not stop; data=%s mode=%s answer=%s", folder, mode, stop.lastLine());
        }
        Optional<Long> pid = readPid(folder.resolve("data/postmaster.pid"));
        if (pid.filter(id -> runs(folder, id)).isPresent()) {
            throw new EmbeddedException(
                    "PostgreSQL in " + folder + " does not stop: end it with 'kill -QUIT " + pid.get() + "'");
        }
    }

    /** The reason for not starting, from the server's log. */
    private static Optional<String> reason(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("FATAL:")).findFirst();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("interrupted while PostgreSQL started", e);
        }
    }
}
