package io.facestream.cli.users;

import io.facestream.database.Sql;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The providers that may vouch for users, as the database's owner changes them. */
final class IssuerTable {
    private static final int LONGEST = 500;

    private final DataSource database;

    IssuerTable(DataSource database) {
        this.database = database;
    }

    /**
     * Trusts a provider, if it is not trusted yet.
     *
     * @param issuer its address, 1 to 500 characters
     */
    void trust(String issuer) throws SQLException {
        if (issuer.isBlank() || issuer.length() > LONGEST) {
            throw new IllegalArgumentException("an issuer has 1 to " + LONGEST + " characters");
        }
        Sql.on(
                database,
                sql -> sql.execute(
                        "insert into facestream.oidc_issuer (issuer) values (?) on conflict do nothing", issuer));
    }

    /**
     * Ends all sessions of a provider, and lets it open no other.
     *
     * @throws IllegalArgumentException if it is not trusted anyway
     */
    void distrust(String issuer) throws SQLException {
        int removed =
                Sql.on(database, sql -> sql.execute("delete from facestream.oidc_issuer where issuer = ?", issuer));
        if (removed == 0) {
            throw new IllegalArgumentException(issuer + " is not trusted: the address has to be exactly that");
        }
    }
}
