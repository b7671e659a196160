package io.facestream.web.users;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.facestream.database.Sql;
import io.facestream.messaging.Sha256;
import io.facestream.messaging.UserName;
import io.facestream.secrets.PasswordKey;
import io.facestream.web.ProblemException;
import io.facestream.web.WebConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Opens and ends sessions. */
@ApplicationScoped
public class SignIn {
    private static final int TOKEN = 32;

    /** Passwords that are stretched at a time, a tenth of a second of a core each; the others wait in order. */
    private static final int AT_A_TIME = 1;

    private static final int MOST_WAITING = 20;
    private static final long PATIENCE_SECONDS = 3;

    private final Instance<DataSource> database;
    private final Duration lasts;
    private final Counter refused;
    private final Semaphore stretching = new Semaphore(AT_A_TIME, true);

    /** @param database present if the role is switched on */
    SignIn(Instance<DataSource> database, WebConfig config, MeterRegistry metrics) {
        this.database = database;
        this.lasts = config.session();
        this.refused = Counter.builder("facestream.web.sign.ins.refused")
                .description("Sign-ins with a wrong name or password, or after too many of them")
                .register(metrics);
    }

    private record Stretching(byte[] salt, int rounds) {}

    /** What came of it. */
    public sealed interface Outcome {
        /** @param token of the session, which its cookie has */
        record SignedIn(String token) implements Outcome {}

        /** The name or the password is wrong. */
        record Wrong() implements Outcome {}

        /** There were too many wrong passwords lately. */
        record TooMany() implements Outcome {}
    }

    /** How long a session lasts. */
    public Duration lasts() {
        return lasts;
    }

    /**
     * @param address the client's
     * @throws ProblemException if too many sign in at this moment
     */
    public Outcome with(String typed, String password, String address) throws SQLException {
        Outcome outcome = outcome(typed, password, address);
        if (!(outcome instanceof Outcome.SignedIn)) {
            refused.increment();
        }
        return outcome;
    }

    private Outcome outcome(String typed, String password, String address) throws SQLException {
        if (password.length() > PasswordKey.LONGEST) {
            return new Outcome.Wrong();
        }
        String name;
        try {
            name = UserName.of(typed);
        } catch (IllegalArgumentException e) {
            return new Outcome.Wrong();
        }
        Optional<Stretching> stretching = Sql.on(
                database.get(),
                sql -> sql.first(
                        "select salt, rounds from facestream.password_salt(?, ?)",
                        row -> new Stretching(row.getBytes(1), row.getInt(2)),
                        name,
                        address));
        if (stretching.isEmpty()) {
            return new Outcome.TooMany();
        }
        byte[] key = stretch(password, stretching.get());
        String token = token();
        boolean isRight = Sql.on(database.get(), sql -> sql.first(
                        "select facestream.sign_in(?, ?, ?, ?, ?::interval)",
                        row -> row.getBoolean(1),
                        name,
                        address,
                        key,
                        Sha256.of(token.getBytes(US_ASCII)),
                        lasts.toSeconds() + " s")
                .orElseThrow());
        return isRight ? new Outcome.SignedIn(token) : new Outcome.Wrong();
    }

    private byte[] stretch(String password, Stretching how) {
        if (!acquire()) {
            throw new ProblemException("busy", "Too many sign in at this moment", 503, "come again in a second");
        }
        try {
            return PasswordKey.stretch(password, how.salt(), how.rounds());
        } finally {
            stretching.release();
        }
    }

    private boolean acquire() {
        try {
            return stretching.getQueueLength() < MOST_WAITING
                    && stretching.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A new session's token. */
    public static String token() {
        byte[] random = new byte[TOKEN];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /**
     * Ends a session.
     *
     * @return what its provider renewed it by, sealed; empty of a session by a password
     */
    public Optional<byte[]> out(WebSession session) throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.first(
                        "select facestream.sign_out(?)", row -> row.getBytes(1), (Object) session.tokenSha256()));
    }
}
