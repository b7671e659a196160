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
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Finds the owner of a key. Asks the database each time, one short query, so that a revoked key is refused at once by
 * every replica.
 */
@ApplicationScoped
class KeyOwners implements IdentityProvider<KeyRequest> {
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

    @Override
    public Class<KeyRequest> getRequestType() {
        return KeyRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(KeyRequest request, AuthenticationRequestContext context) {
        return KEY.matcher(request.key()).matches()
                ? context.runBlocking(() -> admitted(owner(request.key())))
                : Uni.createFrom().failure(new AuthenticationFailedException());
    }

    private SecurityIdentity admitted(SecurityIdentity owner) {
        if (!rates.admits(ApiKey.of(owner).id())) {
            throw new ProblemException("too-many", "The key asks too often", 429, null);
        }
        return owner;
    }

    private SecurityIdentity owner(String key) {
        byte[] sha256 = Sha256.of(key.getBytes(US_ASCII));
        try {
            return Sql.on(
                            database.get(),
                            sql -> sql.first(
                                    "select id, name, role from facestream.use_key(?)",
                                    row -> identity(row, sha256),
                                    (Object) sha256))
                    .orElseThrow(AuthenticationFailedException::new);
        } catch (SQLException e) {
            LOG.debug("a key cannot be looked up", e);
            throw new ProblemException("no-database", "The database does not answer", 503, null);
        }
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
