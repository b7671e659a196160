package io.facestream.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The data that a server runs on, created once and kept between runs: the cluster's files, the roles, the database and
 * its extension.
 */
final class PostgresCluster {
    /** The role that owns the database; not a superuser. */
    static final String OWNER = "facestream";

    /** The role for read-only users. */
    static final String READER = "facestream_reader";

    static final String DATABASE = "facestream";

    private static final String SUPERUSER = "postgres";

    /** SQLSTATE invalid_password. */
    private static final String WRONG_PASSWORD = "28P01";

    private PostgresCluster() {}

    /**
     * Creates the cluster in a folder beside its place and moves it there when it is complete, so that a kill leaves
     * nothing half made.
     */
    static PasswordFile make(Path folder, PostgresBinaries binaries, ServerUser user, Durability durability)
            throws IOException {
        Path data = folder.resolve("data");
        Path passwordFile = folder.resolve("passwords");
        if (Files.exists(data) && Files.exists(passwordFile)) {
            PasswordFile passwords = new PasswordFile(passwordFile);
            passwords.makePrivate();
            return passwords;
        }
        PasswordFile passwords = PasswordFile.create(passwordFile, List.of(SUPERUSER, OWNER, READER));
        if (Files.exists(data)) {
            return passwords;
        }

        Path draft = folder.resolve("data.new");
        FileTree.delete(draft);
        EmbeddedHome.makeFolder(draft, "rwx------");
        user.own(draft);
        Path superuserPassword = folder.resolve("superuser-password");
        PrivateFile.write(superuserPassword, List.of(passwords.password(SUPERUSER)));
        user.own(superuserPassword);
        try {
            var command = new ArrayList<>(List.of(
                    binaries.program("initdb"),
                    "--pgdata=" + draft,
                    "--username=" + SUPERUSER,
                    "--pwfile=" + superuserPassword,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=" + locale()));
            if (durability == Durability.THROW_AWAY) {
                command.add("--no-sync");
            }
            Command initdb = user.run(folder, command.toArray(String[]::new));
            if (!initdb.succeeded()) {
                throw new EmbeddedException("initdb failed in " + draft + ": " + initdb.lastLine());
            }
        } finally {
            Files.delete(superuserPassword);
        }
        Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
        return passwords;
    }

    /**
     * Sorts by code point and classifies letters by Unicode. Only glibc always has this locale; elsewhere it may have
     * to be installed.
     */
    private static String locale() {
        return System.getProperty("os.name").equals("Linux") ? "C.UTF-8" : "C";
    }

    /**
     * Whether the server has other passwords than these, because the file was lost or the roles were restored from
     * elsewhere.
     */
    static boolean refusesPasswords(int port, PasswordFile passwords) throws SQLException {
        try (Connection connection = connect(port, passwords, SUPERUSER, "postgres")) {
            return connection.isClosed();
        } catch (SQLException e) {
            if (WRONG_PASSWORD.equals(e.getSQLState())) {
                return true;
            }
            throw e;
        }
    }

    /**
     * Gives the superuser the file's password, in single-user mode, which asks for no password. The server must not
     * run.
     */
    static void setSuperuserPassword(Path folder, PostgresBinaries binaries, ServerUser user, PasswordFile passwords)
            throws IOException {
        List<String> command = new ArrayList<>(user.prefix());
        command.addAll(List.of(
                binaries.program("postgres"),
                "--single",
                "-D",
                folder.resolve("data").toString(),
                "-c",
                "config_file=" + folder.resolve("postgresql.conf"),
                "postgres"));
        Command alter = Command.run(
                folder,
                command,
                "alter role " + SUPERUSER + " password '" + passwords.password(SUPERUSER) + "'\n",
                line -> {});
        if (!alter.succeeded()) {
            throw new EmbeddedException(
                    "the password of the database's superuser can't be set in " + folder + ": " + alter.lastLine());
        }
    }

    /**
     * Creates missing roles, the database and the extension. It does so as superuser, so that the application need not
     * be one.
     */
    static void fill(int port, PasswordFile passwords) throws SQLException {
        try (Connection connection = connect(port, passwords, SUPERUSER, "postgres")) {
            createRole(connection, passwords, OWNER, "CREATEROLE");
            createRole(connection, passwords, READER, "");
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                execute(connection, "CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
            }
        }
        try (Connection connection = connect(port, passwords, SUPERUSER, DATABASE)) {
            execute(connection, "CREATE EXTENSION IF NOT EXISTS vector");
        }
        mendOwnersPassword(port, passwords);
    }

    private static void mendOwnersPassword(int port, PasswordFile passwords) throws SQLException {
        try (Connection owner = connect(port, passwords, OWNER, DATABASE)) {
            owner.isValid(0);
        } catch (SQLException e) {
            if (!WRONG_PASSWORD.equals(e.getSQLState())) {
                throw e;
            }
            try (Connection superuser = connect(port, passwords, SUPERUSER, DATABASE)) {
                for (String role : List.of(OWNER, READER)) {
                    setPassword(superuser, passwords, role);
                }
            }
        }
    }

    /**
     * Uses one transaction, so that no role is left without a password. The driver sends the SCRAM verifier, not the
     * password.
     */
    private static void createRole(Connection connection, PasswordFile passwords, String role, String attributes)
            throws SQLException {
        if (exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = '" + role + "'")) {
            return;
        }
        connection.setAutoCommit(false);
        execute(connection, "CREATE ROLE " + role + " LOGIN " + attributes);
        setPassword(connection, passwords, role);
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void setPassword(Connection connection, PasswordFile passwords, String role) throws SQLException {
        connection
                .unwrap(PGConnection.class)
                .alterUserPassword(role, passwords.password(role).toCharArray(), "scram-sha-256");
    }

    private static Connection connect(int port, PasswordFile passwords, String role, String database)
            throws SQLException {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(role);
        source.setPassword(passwords.password(role));
        return source.getConnection();
    }

    private static boolean exists(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
