package io.facestream.web.users;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.facestream.database.Sql;
import io.facestream.messaging.Sha256;
import io.facestream.web.ProblemException;
import io.facestream.web.keys.Roles;
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
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Finds the user of a session. Asks the database each time, one short query, so that a removed user is refused at once
 * by every replica.
 */
@ApplicationScoped
class SessionOwners implements IdentityProvider<SessionRequest> {
    private static final Logger LOG = Logger.getLogger(SessionOwners.class);

    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    SessionOwners(Instance<DataSource> database) {
        this.database = database;
    }

    @Override
    public Class<SessionRequest> getRequestType() {
        return SessionRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(SessionRequest request, AuthenticationRequestContext context) {
        return context.runBlocking(() -> owner(Sha256.of(request.token().getBytes(US_ASCII))));
    }

    private SecurityIdentity owner(byte[] tokenSha256) {
        try {
            return Sql.on(
                            database.get(),
                            sql -> sql.first(
                                    "select id, name, shown, role from facestream.use_session(?)",
                                    row -> identity(row, tokenSha256),
                                    (Object) tokenSha256))
                    .orElseThrow(AuthenticationFailedException::new);
        } catch (SQLException e) {
            LOG.debug("a session cannot be looked up", e);
            throw new ProblemException("no-database", "The database does not answer", 503, null);
        }
    }

    private static SecurityIdentity identity(ResultSet row, byte[] tokenSha256) throws SQLException {
        WebSession session = new WebSession(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("shown"),
                row.getString("role"),
                tokenSha256);
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(session.name()))
                .addRoles(Roles.upTo(session.role()))
                .addCredential(session)
                .build();
    }
}
