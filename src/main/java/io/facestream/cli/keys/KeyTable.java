package io.facestream.cli.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.facestream.database.Sql;
import io.facestream.messaging.Sha256;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/** The keys in the database, as its owner changes them. */
public final class KeyTable {
    private static final int BYTES = 32;
    private static final String UNIQUE_VIOLATION = "23505";

    private final DataSource database;

    public KeyTable(DataSource database) {
        this.database = database;
    }

    /**
     * A key, without itself.
     *
     * @param usedOn the day of its latest use; null if it was never used
     * @param revokedAt null if it is valid
     */
    record Listed(String name, KeyRole role, Instant createdAt, LocalDate usedOn, Instant revokedAt) {}

    /**
     * Makes a key and returns it; the database has its hash only.
     *
     * @throws IllegalArgumentException if another key has that name
     */
    public String add(String name, KeyRole role) throws SQLException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String key = "fs_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try {
            Sql.on(
                    database,
                    sql -> sql.execute(
                            "insert into facestream.api_key (name, role, key_sha256) values (?, ?, ?)",
                            name,
                            role.toString(),
                            Sha256.of(key.getBytes(US_ASCII))));
        } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw new IllegalArgumentException(
                        "there is a key \"" + name + "\" already: revoke it, or choose another name", e);
            }
            throw e;
        }
        return key;
    }

    /** All keys, oldest first. */
    List<Listed> all() throws SQLException {
        return Sql.on(
                database,
                sql -> sql.query(
                        "select name, role, created_at, used_on, revoked_at from facestream.api_key"
                                + " order by created_at, id",
                        KeyTable::listed));
    }

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(
                row.getString("name"),
                KeyRole.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                Sql.instant(row, "created_at"),
                row.getObject("used_on", LocalDate.class),
                Sql.instant(row, "revoked_at"));
    }

    /** @throws IllegalArgumentException if there is no valid key of that name */
    void revoke(String name) throws SQLException {
        int revoked = Sql.on(
                database,
                sql -> sql.execute(
                        "update facestream.api_key set revoked_at = now() where name = ? and revoked_at is null",
                        name));
        if (revoked == 0) {
            throw new IllegalArgumentException("there is no valid key \"" + name + "\": `keys list` shows all");
        }
    }
}
