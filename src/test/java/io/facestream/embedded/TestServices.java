package io.facestream.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One broker and one database for all tests of this JVM, each started when a test first asks for it, in folders that
 * are thrown away, on free ports. A shutdown hook stops them and deletes the folders.
 *
 * <p>Quarkus loads test classes in class loaders of its own and closes those between tests. So the services live in the
 * copy of this class that the system's class loader has, and the copies share what they know through system properties.
 */
public final class TestServices {
    private static final String PREFIX = "facestream-test-";

    /** Not /tmp: that may be memory, and the folders of other users' tests aren't reachable for user postgres. */
    private static final Path PARENT = Path.of("/var/tmp");

    /** The databases that are copied: this build's schema with the shipped network, and without one. */
    private static final String MIGRATED = "facestream_migrated";

    private static final String SCHEMA_ONLY = "facestream_schema";

    /** Servers' folders that were never used, of a build each. */
    private static final Path TEMPLATES = Path.of("target/test-database");

    private static final Set<Integer> GIVEN_PORTS = ConcurrentHashMap.newKeySet();

    private TestServices() {}

    /**
     * The broker.
     *
     * @param bootstrapServers {@code host:port}, as Kafka clients take it
     */
    public record Kafka(String bootstrapServers) {}

    /**
     * The database {@code facestream}, with the extension vector.
     *
     * @param userName the role that owns it, no superuser
     * @param readerName the role that has no rights until it is granted some
     * @param superuserPassword of the role {@code postgres}
     */
    public record Postgres(
            String jdbcUrl,
            String userName,
            String password,
            String readerName,
            String readerPassword,
            String superuserPassword) {
        private static Postgres of(String service) {
            return new Postgres(
                    property(service, "jdbcUrl"),
                    property(service, "userName"),
                    property(service, "password"),
                    property(service, "readerName"),
                    property(service, "readerPassword"),
                    property(service, "superuserPassword"));
        }

        /**
         * Makes the database anew, with this build's schema and the shipped network and nothing else. Connections to it
         * are closed.
         */
        public void renew() throws SQLException {
            renewFrom(MIGRATED);
        }

        /** The same without a network in the registry. */
        public void renewSchema() throws SQLException {
            renewFrom(SCHEMA_ONLY);
        }

        private void renewFrom(String database) throws SQLException {
            try (Connection superuser = superuser();
                    Statement statement = superuser.createStatement()) {
                statement.execute("drop database facestream with (force)");
                copy(statement, database, "facestream");
            }
        }

        private void copy(Statement statement, String database, String copy) throws SQLException {
            statement.execute("create database " + copy + " template " + database + " owner " + userName);
        }

        /** Removes the databases that are copied, and with them the rights of group roles in them. */
        public void dropMigrated() throws SQLException {
            try (Connection superuser = superuser();
                    Statement statement = superuser.createStatement()) {
                statement.execute("drop database if exists " + MIGRATED);
                statement.execute("drop database if exists " + SCHEMA_ONLY);
            }
        }

        private String urlOf(String database) {
            return jdbcUrl.replaceFirst("/facestream$", "/" + database);
        }

        private Connection superuser() throws SQLException {
            return DriverManager.getConnection(urlOf("postgres"), "postgres", superuserPassword);
        }

        private DataSource owner(String database) {
            PGSimpleDataSource owner = new PGSimpleDataSource();
            owner.setUrl(urlOf(database));
            owner.setUser(userName);
            owner.setPassword(password);
            return owner;
        }
    }

    /** The broker of this JVM's tests; a test that counts on an empty topic gives it a name of its own. */
    public static Kafka kafka() {
        return new Kafka(property("kafka", "bootstrapServers"));
    }

    /** The database of this JVM's tests; PostgreSQL and pgvector are installed first if need be. */
    public static Postgres postgres() {
        return Postgres.of("postgres");
    }

    /**
     * A server of its own, for a test that needs a database to itself; it ends with the JVM, as the shared one does.
     */
    public static Postgres postgresOf(Class<?> test) {
        return Postgres.of("postgres-" + test.getSimpleName());
    }

    /** What that server logs. */
    public static Path serverLogOf(Class<?> test) {
        return Path.of(property("postgres-" + test.getSimpleName(), "serverLog"));
    }

    /** A broker and a database with TLS, users and rights; see {@link SecuredServices}. */
    static String secured(String name) {
        return property("secured", name);
    }

    /**
     * A port of 127.0.0.1 that nobody listens on yet, another one at each call. Outgoing connections do not take it,
     * not even while a test has its server stopped.
     */
    public static int freePort() {
        int port = FreePort.lasting();
        while (!GIVEN_PORTS.add(port)) {
            port = FreePort.lasting();
        }
        return port;
    }

    /**
     * A fresh folder that the database's user can reach, for tests that start a server of their own. Where this
     * process is killed, the next one that asks for a service deletes it.
     */
    public static Path newFolder() throws IOException {
        Path folder = Files.createTempDirectory(
                PARENT, PREFIX + ProcessHandle.current().pid() + "-");
        EmbeddedHome.makeFolder(folder, "rwx--x--x");
        return folder;
    }

    private static String property(String service, String name) {
        String key = TestServices.class.getName() + "." + service + "." + name;
        synchronized (System.getProperties()) {
            if (System.getProperty(key) == null) {
                startInSystemClassLoader(service);
            }
            return System.getProperty(key);
        }
    }

    private static void startInSystemClassLoader(String service) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ClassLoader system = ClassLoader.getSystemClassLoader();
        thread.setContextClassLoader(system);
        try {
            var start = system.loadClass(TestServices.class.getName()).getDeclaredMethod("startHere", String.class);
            start.setAccessible(true);
            start.invoke(null, service);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(service + " of the tests did not start", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Called in the system class loader's copy only. */
    static void startHere(String service) throws IOException, SQLException {
        deleteWhatKilledTestsLeft();
        Path folder = newFolder();
        if (service.equals("kafka")) {
            EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0);
            closeAtEnd(kafka::close, folder);
            publish(service, "bootstrapServers", kafka.bootstrapServers());
        } else if (service.equals("secured")) {
            install();
            SecuredServices services = SecuredServices.start(folder);
            closeAtEnd(services::close, folder);
            services.properties().forEach((name, value) -> publish(service, name, value));
        } else {
            install();
            copyTemplate(folder);
            LocalPostgres postgres = LocalPostgres.start(folder, 0, Durability.THROW_AWAY);
            closeAtEnd(postgres::close, folder);
            Postgres access = access(postgres);
            publish(service, "jdbcUrl", access.jdbcUrl());
            publish(service, "userName", access.userName());
            publish(service, "password", access.password());
            publish(service, "readerName", access.readerName());
            publish(service, "readerPassword", access.readerPassword());
            publish(service, "superuserPassword", access.superuserPassword());
            publish(service, "serverLog", folder.resolve("server.log").toString());
        }
    }

    private static Postgres access(LocalPostgres server) {
        return new Postgres(
                server.jdbcUrl(),
                server.userName(),
                server.password(),
                server.readerName(),
                server.readerPassword(),
                new PasswordFile(server.passwordFile()).password("postgres"));
    }

    /**
     * A server's folder as {@link #makeTemplate} leaves it, for making one takes seconds. All processes that test the
     * same build share it.
     */
    private static void copyTemplate(Path folder) throws IOException, SQLException {
        Files.createDirectories(TEMPLATES);
        Path template = TEMPLATES.resolve(build());
        try (FileChannel file = FileChannel.open(
                        TEMPLATES.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            if (!Files.exists(template)) {
                try (DirectoryStream<Path> others = Files.newDirectoryStream(TEMPLATES, Files::isDirectory)) {
                    others.forEach(TestServices::delete);
                }
                makeTemplate(template);
            }
        }
        copy(template, folder);
    }

    /** Tells builds apart: whatever migrates a database is among their classes and resources. */
    private static String build() throws IOException {
        Path classes = Path.of(URI.create(GallerySchema.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                all.append(file).append(Files.size(file)).append(Files.getLastModifiedTime(file));
            }
        }
        return Sha256.hex(all.toString().getBytes(UTF_8));
    }

    /**
     * Makes a server and stops it again. It has migrated databases, which {@link Postgres#renew} and
     * {@link Postgres#renewSchema} copy; the empty one is made when a copy of the server starts.
     */
    private static void makeTemplate(Path template) throws IOException, SQLException {
        Path made = newFolder();
        try {
            try (LocalPostgres server = LocalPostgres.start(made, 0, Durability.THROW_AWAY)) {
                Postgres access = access(server);
                try (Connection superuser = access.superuser();
                        Statement statement = superuser.createStatement()) {
                    access.copy(statement, "facestream", SCHEMA_ONLY);
                    TestGallery.migrateSchema(access.owner(SCHEMA_ONLY));
                    GallerySchema.migrate(access.owner("facestream"));
                    statement.execute("alter database facestream rename to " + MIGRATED);
                }
            }
            Path unfinished = TEMPLATES.resolve("unfinished");
            delete(unfinished);
            Files.createDirectory(unfinished);
            copy(made, unfinished);
            Files.move(unfinished, template, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(made);
        }
    }

    /** Copies a folder's contents, with the owners of files. */
    private static void copy(Path folder, Path to) throws IOException {
        Command copy = Command.run(
                Path.of("/"),
                List.of(
                        "cp",
                        "-a",
                        folder.toAbsolutePath() + "/.",
                        to.toAbsolutePath().toString()));
        if (!copy.succeeded()) {
            throw new IOException("the tests' database could not be copied: " + copy.lastLine());
        }
    }

    private static void install() {
        if (!Setup.isComplete()) {
            Setup.run(System.out::println);
        }
    }

    private static void publish(String service, String name, String value) {
        System.setProperty(TestServices.class.getName() + "." + service + "." + name, value);
    }

    private static void closeAtEnd(Runnable close, Path folder) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            close.run();
                            delete(folder);
                        },
                        "close-test-services"));
    }

    /**
     * Test runs that were killed could not tidy up; their process's id is in their folders' names. One process at a
     * time looks: two would delete the same files.
     */
    private static void deleteWhatKilledTestsLeft() throws IOException {
        try (FileChannel file = FileChannel.open(
                        PARENT.resolve(PREFIX + "lock-" + System.getProperty("user.name")),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = file.lock();
                DirectoryStream<Path> folders = Files.newDirectoryStream(PARENT, PREFIX + "[0-9]*-*")) {
            for (Path folder : folders) {
                String[] name = folder.getFileName().toString().split("-", -1);
                if (Files.isWritable(folder)
                        && ProcessHandle.of(Long.parseLong(name[2])).isEmpty()) {
                    LocalPostgres.stopLeftOver(folder);
                    delete(folder);
                }
            }
        }
    }

    /** Deletes a folder and all that is in it. */
    public static void delete(Path folder) {
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
