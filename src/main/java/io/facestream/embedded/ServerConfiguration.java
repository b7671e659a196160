package io.facestream.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The configuration that a server is started with. */
final class ServerConfiguration {
    /**
     * The longest path of a Unix socket: sun_path of sockaddr_un has 108 bytes including its final zero, on macOS 104.
     */
    private static final int SOCKET_PATH_BYTES = 103;

    /** PostgreSQL's default, in megabytes. */
    private static final long LEAST_BUFFERS = 128;

    /** Enough for two million people. */
    private static final long MOST_BUFFERS = 4_096;

    private ServerConfiguration() {}

    /**
     * Writes the server's configuration outside its data folder, where only this JVM's user may write. Returns the
     * log's path.
     */
    static Path write(Path folder, ServerUser user, int port, Durability durability) throws IOException {
        Path access = folder.resolve("pg_hba.conf");
        Files.write(access, List.of("local all all scram-sha-256", "host all all 127.0.0.1/32 scram-sha-256"));

        Path socket = folder.resolve("socket");
        EmbeddedHome.makeFolder(socket, "rwx------");
        user.own(socket);
        int socketBytes = socket.resolve(".s.PGSQL.65535").toString().getBytes(StandardCharsets.UTF_8).length;

        var settings = new ArrayList<>(List.of(
                "# written at each start of FaceStream's embedded default",
                "listen_addresses = '127.0.0.1'",
                "port = " + port,
                "unix_socket_directories = " + (socketBytes <= SOCKET_PATH_BYTES ? configQuoted(socket) : "''"),
                "hba_file = " + configQuoted(access),
                "password_encryption = 'scram-sha-256'",
                "timezone = 'UTC'",
                "log_timezone = 'UTC'",
                "lc_messages = 'C'",
                // statements and details hold names; in the log they would outlive their erasure
                "log_min_error_statement = 'panic'",
                "log_error_verbosity = 'terse'",
                // the graph of an index of embeddings must fit into this memory, or building it takes several times as
                // long
                "maintenance_work_mem = '256MB'"));
        settings.addAll(
                durability == Durability.THROW_AWAY
                        // PostgreSQL looks through all shared buffers for each table that it drops, as tests do often
                        ? List.of("fsync = off", "full_page_writes = off")
                        : List.of("shared_buffers = '" + sharedBuffersMegabytes(memoryMegabytes()) + "MB'"));
        Files.write(folder.resolve("postgresql.conf"), settings);

        Path log = folder.resolve("server.log");
        if (Files.exists(log)) {
            Files.move(log, folder.resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        PrivateFile.write(log, List.of());
        user.own(log);
        return log;
    }

    /**
     * Memory for pages that all connections share. A search reads thousands of them: among a million people it takes a
     * third of the time if index and templates, 2.1 GB, fit. Half of what PostgreSQL's manual advises for a server of
     * its own, since networks and video need memory too. What is not used is not taken.
     *
     * @param memory of this machine or container, in megabytes
     */
    static long sharedBuffersMegabytes(long memory) {
        return Math.max(LEAST_BUFFERS, Math.min(MOST_BUFFERS, memory / 8));
    }

    private static long memoryMegabytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() >> 20;
    }

    private static String configQuoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }
}
