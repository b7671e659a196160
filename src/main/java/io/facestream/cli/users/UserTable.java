package io.facestream.cli.users;

import io.facestream.cli.keys.KeyRole;
import io.facestream.database.Sql;
import io.facestream.messaging.Sha256;
import io.facestream.secrets.PasswordKey;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;

/** The users in the database, as its owner changes them. */
public final class UserTable {
    private static final String UNIQUE_VIOLATION = "23505";

    private final DataSource database;

    public UserTable(DataSource database) {
        this.database = database;
    }

    /** @param sessions browsers that are signed in */
    record Listed(String name, KeyRole role, Instant createdAt, Instant changedAt, long sessions) {}

    /** @throws IllegalArgumentException if there is one of that name */
    void add(String name, KeyRole role, String password) throws SQLException {
        byte[] salt = salt();
        try {
            Sql.on(
                    database,
                    sql -> sql.execute(
                            "insert into facestream.web_user (name, role, salt, rounds, key_sha256)"
                                    + " values (?, ?, ?, ?, ?)",
                            name,
                            role.toString(),
                            salt,
                            PasswordKey.ROUNDS,
                            hash(password, salt)));
        } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw new IllegalArgumentException(
                        "there is a user \"" + name + "\" already: remove them, or choose another name", e);
            }
            throw e;
        }
    }

    /**
     * Adds an administrator where there is no user at all, for a first sign-in.
     *
     * @return the generated password; empty if there are users
     */
    public Optional<String> addFirst(String name) throws SQLException {
        boolean none = Sql.on(database, sql -> sql.first(
                        "select not exists (select from facestream.web_user)", row -> row.getBoolean(1))
                .orElseThrow());
        if (!none) {
            return Optional.empty();
        }
        String password = Password.generate();
        add(name, KeyRole.ADMIN, password);
        return Optional.of(password);
    }

    /** All users, by name. */
    List<Listed> all() throws SQLException {
        return Sql.on(
                database,
                sql -> sql.query(
                        "select name, role, created_at, changed_at,"
                                + " (select count(*) from facestream.web_session s where s.user_id = u.id"
                                + " and s.expires_at > now()) as sessions from facestream.web_user u order by name",
                        UserTable::listed));
    }

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(
                row.getString("name"),
                KeyRole.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "changed_at"),
                row.getLong("sessions"));
    }

    /**
     * Removes a user, who is signed out everywhere.
     *
     * @throws IllegalArgumentException if there is no such user
     */
    void remove(String name) throws SQLException {
        int removed = Sql.on(database, sql -> sql.execute("delete from facestream.web_user where name = ?", name));
        requireOne(removed, name);
    }

    /**
     * Gives a user another password, and signs them out everywhere.
     *
     * @throws IllegalArgumentException if there is no such user
     */
    void setPassword(String name, String password) throws SQLException {
        byte[] salt = salt();
        byte[] hash = hash(password, salt);
        int changed = Sql.inTransaction(database, sql -> {
            // First of all, so that whoever signs in at this moment by the old password has come before or is refused.
            int updated = sql.execute(
                    "update facestream.web_user set salt = ?, rounds = ?, key_sha256 = ?, changed_at = now()"
                            + " where name = ?",
                    salt,
                    PasswordKey.ROUNDS,
                    hash,
                    name);
            sql.execute(
                    "delete from facestream.web_session s using facestream.web_user u"
                            + " where u.id = s.user_id and u.name = ?",
                    name);
            return updated;
        });
        requireOne(changed, name);
    }

    private static void requireOne(int changed, String name) {
        if (changed == 0) {
            throw new IllegalArgumentException("there is no user \"" + name + "\": `users list` shows all");
        }
    }

    private static byte[] salt() {
        byte[] salt = new byte[PasswordKey.SALT];
        new SecureRandom().nextBytes(salt);
        return salt;
    }

    private static byte[] hash(String password, byte[] salt) {
        return Sha256.of(PasswordKey.stretch(password, salt, PasswordKey.ROUNDS));
    }
}
