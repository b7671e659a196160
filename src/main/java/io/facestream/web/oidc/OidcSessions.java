package io.facestream.web.oidc;

import io.facestream.database.Sql;
import io.facestream.web.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/** Has the database open and renew sessions for those whom the provider vouches for. */
@ApplicationScoped
class OidcSessions {
    private static final Logger LOG = Logger.getLogger(OidcSessions.class);

    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    OidcSessions(Instance<DataSource> database) {
        this.database = database;
    }

    /**
     * Opens a session, or gives one of the API its role of now.
     *
     * @param api whether it is of a program's access token, which opens no page
     * @throws ProblemException {@code issuer-not-trusted} (403), {@code no-database} (503)
     */
    void open(byte[] tokenSha256, Voucher voucher, boolean api, Instant until) {
        boolean isTrusted = ask(sql -> sql.first(
                        "select facestream.sign_in_by_oidc(?, ?, ?, ?, ?, ?, ?)",
                        row -> row.getBoolean(1),
                        tokenSha256,
                        voucher.issuer(),
                        voucher.subject(),
                        voucher.shown(),
                        voucher.role(),
                        api,
                        until)
                .orElseThrow());
        if (!isTrusted) {
            throw new ProblemException(
                    "issuer-not-trusted",
                    "The identity provider is not trusted",
                    403,
                    "`facestream users trust " + voucher.issuer() + "` changes that");
        }
    }

    /**
     * Keeps what a session is renewed by.
     *
     * @param end until when it can be renewed
     */
    void seal(byte[] tokenSha256, byte[] sealed, Instant end) {
        ask(sql -> sql.query("select facestream.seal_session(?, ?, ?)", row -> true, tokenSha256, sealed, end));
    }

    /**
     * What became of asking for the right to renew a session.
     *
     * @param isOpen whether it needs no renewal
     * @param isTaken whether somebody else renews it at this moment
     * @param sealed what it is renewed by, for whoever has the right now
     */
    record Claim(boolean isOpen, boolean isTaken, Optional<byte[]> sealed) {}

    Claim claim(byte[] tokenSha256) {
        return ask(sql -> sql.first(
                        "select open, sealed from facestream.claim_renewal(?)",
                        row -> {
                            boolean isOpen = row.getBoolean("open");
                            Optional<byte[]> sealed = Optional.ofNullable(row.getBytes("sealed"));
                            return new Claim(isOpen, !isOpen && sealed.isEmpty(), sealed);
                        },
                        (Object) tokenSha256)
                .orElse(new Claim(false, false, Optional.empty())));
    }

    /** Leaves it to the next. */
    void release(byte[] tokenSha256) {
        ask(sql -> sql.query("select facestream.release_renewal(?)", row -> true, (Object) tokenSha256));
    }

    /** Whether it goes on; not if it was ended meanwhile, or is somebody else's. */
    boolean renew(byte[] tokenSha256, Voucher voucher, byte[] sealed) {
        return ask(sql -> sql.first(
                        "select facestream.renew_session(?, ?, ?, ?, ?, ?, ?)",
                        row -> row.getBoolean(1),
                        tokenSha256,
                        voucher.issuer(),
                        voucher.subject(),
                        voucher.shown(),
                        voucher.role(),
                        voucher.expiresAt(),
                        sealed)
                .orElseThrow());
    }

    void end(byte[] tokenSha256) {
        ask(sql -> sql.query("select facestream.sign_out(?)", row -> true, (Object) tokenSha256));
    }

    private <T> T ask(Sql.Work<T, RuntimeException> work) {
        try {
            return Sql.on(database.get(), work);
        } catch (SQLException e) {
            LOG.debug("a session cannot be opened, renewed or ended", e);
            throw new ProblemException("no-database", "The database does not answer", 503, null);
        }
    }
}
