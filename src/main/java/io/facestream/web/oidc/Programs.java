package io.facestream.web.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Sha256;
import io.facestream.web.keys.KeyOwners;
import io.facestream.web.keys.Roles;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Lets an access token be to the database what a key is: functions that look at faces take its hash. */
@ApplicationScoped
class Programs implements IdentityProvider<ProgramRequest> {
    private final KeyOwners owners;
    private final OidcSessions sessions;

    Programs(KeyOwners owners, OidcSessions sessions) {
        this.owners = owners;
        this.sessions = sessions;
    }

    @Override
    public Class<ProgramRequest> getRequestType() {
        return ProgramRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(ProgramRequest request, AuthenticationRequestContext context) {
        return context.runBlocking(() -> owner(request));
    }

    private SecurityIdentity owner(ProgramRequest request) {
        byte[] sha256 = Sha256.of(request.token().getBytes(UTF_8));
        Voucher voucher = request.voucher();
        Optional<SecurityIdentity> known = owners.find(sha256);
        if (known.isPresent() && known.get().getRoles().equals(Roles.upTo(voucher.role()))) {
            return owners.admit(known.get());
        }
        sessions.open(sha256, voucher, true, voucher.expiresAt());
        return owners.admit(owners.find(sha256).orElseThrow(AuthenticationFailedException::new));
    }
}
