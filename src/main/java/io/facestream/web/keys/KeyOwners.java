package io.facestream.web.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.facestream.database.Sql;
import io.facestream.messaging.Sha256;
import io.facestream.web.ProblemException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Finds the owner of a key. Asks the database each time, one short query, so that a revoked key is refused at once by
 * every replica.
 */
@ApplicationScoped
public class KeyOwners implements IdentityProvider<KeyRequest> {
    private static final Logger LOG = Logger.getLogger(KeyOwners.class);

    /** As {@code keys add} makes them; nothing else costs the database a query. */
    private static final Pattern KEY = Pattern.compile("fs_[A-Za-z0-9_-]{43}");

    private final Instance<DataSource> database;

    private final KeyRates rates;

    /** @param database present if the role is switched on */
    KeyOwners(Instance<DataSource> database, KeyRates rates) {
        this.database = database;
        this.rates = rates;
    }

    /** Whether it may be a key, rather than what a provider gave. */
    static boolean isKey(String text) {
        return KEY.matcher(text).matches();
    }

    @Override
    public Class<KeyRequest> getRequestType() {
        return KeyRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(KeyRequest request, AuthenticationRequestContext context) {
        return isKey(request.key())
                ? context.runBlocking(() -> admit(find(Sha256.of(request.key().getBytes(US_ASCII)))
                        .orElseThrow(AuthenticationFailedException::new)))
                : Uni.createFrom().failure(new AuthenticationFailedException());
    }

    /**
     * Whose key or token has that hash; empty if the database does not know it.
     *
     * @throws ProblemException if the database does not answer
     */
    public Optional<SecurityIdentity> find(byte[] sha256) {
        try {
            return Sql.on(
                    database.get(),
                    sql -> sql.first(
                            "select id, name, role from facestream.use_key(?)", row -> identity(row, sha256), (Object)
                                    sha256));
        } catch (SQLException e) {
            LOG.debug("a key cannot be looked up", e);
            throw new ProblemException("no-database", "The database does not answer", 503, null);
        }
    }

    /**
     * Counts a request of that owner.
     *
     * @throws ProblemException if there are too many
     */
    public SecurityIdentity admit(SecurityIdentity owner) {
        if (!rates.admits(ApiKey.of(owner).id())) {
            throw new ProblemException("too-many", "The key asks too often", 429, null);
        }
        return owner;
    }

    private static SecurityIdentity identity(ResultSet row, byte[] sha256) throws SQLException {
        ApiKey key = new ApiKey(row.getObject("id", UUID.class), row.getString("name"), sha256);
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(key.name()))
                .addRoles(Roles.upTo(row.getString("role")))
                .addCredential(key)
                .build();
    }
}
