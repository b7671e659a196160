package io.facestream.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A broker and a database that take nothing but TLS and a login, one of each for all tests of this JVM. */
public final class SecuredServices implements AutoCloseable {
    /** Of every Kafka user. */
    public static final String KAFKA_PASSWORD = SecureKafka.PASSWORD;

    /** Of every key store and trust store. */
    public static final String STORE_PASSWORD = TestCertificates.PASSWORD;

    private static final String SCRAM =
            "org.apache.kafka.common.security.scram.ScramLoginModule required" + " username=\"%s\" password=\"%s\";";

    private final SecureKafka kafka;
    private final LocalPostgres postgres;
    private final Path folder;
    private final Path certificates;

    private SecuredServices(SecureKafka kafka, LocalPostgres postgres, Path folder, Path certificates) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.folder = folder;
        this.certificates = certificates;
    }

    static SecuredServices start(Path folder) throws IOException {
        Path certificates = folder.resolve("certificates");
        EmbeddedHome.makeFolder(certificates, "rwx--x--x");
        TestCertificates.make(certificates);
        SecureKafka kafka = SecureKafka.start(folder.resolve("kafka"), certificates);
        Path database = folder.resolve("postgres");
        LocalPostgres postgres = LocalPostgres.start(database, 0, Durability.THROW_AWAY);
        SecuredServices services = new SecuredServices(kafka, postgres, database, certificates);
        for (String name : List.of("server", "expired", "other-host")) {
            for (String end : List.of(".key", ".pem")) {
                Path own = Files.copy(certificates.resolve(name + end), database.resolve(name + end));
                Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-------"));
                ServerUser.current().own(own);
            }
        }
        services.switchTlsOn();
        return services;
    }

    private void switchTlsOn() throws IOException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), "postgres", superuserPassword());
                Statement statement = connection.createStatement()) {
            statement.execute("alter system set ssl_cert_file = '" + folder.resolve("server.pem") + "'");
            statement.execute("alter system set ssl_key_file = '" + folder.resolve("server.key") + "'");
            statement.execute("alter system set ssl = on");
            Files.writeString(folder.resolve("pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n");
            statement.execute("select pg_reload_conf()");
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private String superuserPassword() throws IOException {
        return Files.readAllLines(postgres.passwordFile(), StandardCharsets.UTF_8).stream()
                .filter(line -> line.contains(":postgres:"))
                .map(line -> line.substring(line.lastIndexOf(':') + 1))
                .findFirst()
                .orElseThrow();
    }

    Map<String, String> properties() throws IOException {
        Map<String, String> properties = new HashMap<>(kafka.addresses());
        properties.put("certificates", certificates.toString());
        properties.put("jdbcUrl", postgres.jdbcUrl());
        properties.put("userName", postgres.userName());
        properties.put("password", postgres.password());
        properties.put("superuserPassword", superuserPassword());
        properties.put("databaseFolder", folder.toString());
        return properties;
    }

    /** Where the broker's superuser, everybody in plain text, finds it. */
    public static String superuserAddress() {
        return TestServices.secured("PLAINTEXT");
    }

    /** A folder of key stores, {@code NAME.p12}, and of {@code ca.pem}. */
    public static Path certificates() {
        return Path.of(TestServices.secured("certificates"));
    }

    /** What a client with a user and a password is told. */
    public static Map<String, String> scram(String user, String password) {
        return scram(TestServices.secured("SCRAM"), user, password);
    }

    /** The same of another {@link SecureKafka}. */
    public static Map<String, String> scram(String address, String user, String password) {
        return Map.of(
                "kafka.bootstrap.servers",
                address,
                "kafka.security.protocol",
                "SASL_SSL",
                "kafka.sasl.mechanism",
                "SCRAM-SHA-512",
                "kafka.sasl.jaas.config",
                SCRAM.formatted(user, password),
                "kafka.ssl.truststore.location",
                certificates().resolve("ca.trust.p12").toString(),
                "kafka.ssl.truststore.password",
                STORE_PASSWORD);
    }

    /** What a client with a certificate is told. */
    public static Map<String, String> certificate(String name) {
        return Map.of(
                "kafka.bootstrap.servers",
                TestServices.secured("CERTIFICATES"),
                "kafka.security.protocol",
                "SSL",
                "kafka.ssl.keystore.location",
                certificates().resolve(name + ".p12").toString(),
                "kafka.ssl.keystore.password",
                STORE_PASSWORD,
                "kafka.ssl.truststore.location",
                certificates().resolve("ca.trust.p12").toString(),
                "kafka.ssl.truststore.password",
                STORE_PASSWORD);
    }

    /** {@code host:port} of the listener that shows another certificate: {@code EXPIRED} or {@code OTHERHOST}. */
    public static String listener(String name) {
        return TestServices.secured(name);
    }

    /** What a client of the database is told, its owner. */
    public static Map<String, String> database() {
        return Map.of(
                "quarkus.datasource.jdbc.url", jdbcUrl("ca.pem"),
                "quarkus.datasource.username", TestServices.secured("userName"),
                "quarkus.datasource.password", TestServices.secured("password"));
    }

    /** The database's address for one who trusts the authority in that file of {@link #certificates}. */
    public static String jdbcUrl(String authority) {
        return TestServices.secured("jdbcUrl") + "?sslmode=verify-full&sslrootcert="
                + certificates().resolve(authority);
    }

    /** Runs a statement as the database's superuser. */
    public static void asSuperuser(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        TestServices.secured("jdbcUrl") + "?sslmode=require",
                        "postgres",
                        TestServices.secured("superuserPassword"));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The database shows that certificate from now on: {@code server}, {@code expired} or {@code other-host}. */
    public static void showDatabaseCertificate(String name) throws SQLException {
        Path folder = Path.of(TestServices.secured("databaseFolder"));
        asSuperuser(
                "alter system set ssl_cert_file = '" + folder.resolve(name + ".pem") + "'",
                "alter system set ssl_key_file = '" + folder.resolve(name + ".key") + "'",
                "select pg_reload_conf()");
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } finally {
            kafka.close();
        }
    }
}
