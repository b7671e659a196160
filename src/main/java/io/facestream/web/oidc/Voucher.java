package io.facestream.web.oidc;

import io.facestream.messaging.UserName;
import io.facestream.web.ProblemException;
import io.facestream.web.keys.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * What a provider says of somebody, in a token that was checked.
 *
 * @param subject identifies them at the provider
 * @param shown the name that the page shows
 * @param role the highest that one of their values gives
 */
record Voucher(String issuer, String subject, String shown, String role, Instant expiresAt) {
    /** OpenID Connect Core 1.0, section 2. */
    private static final int LONGEST_SUBJECT = 255;

    private static final int LONGEST_NAME = 100;

    /** @throws ProblemException if no value of the token gives a role */
    static Voucher of(SecurityIdentity identity, OidcConfig config) {
        JsonWebToken token = (JsonWebToken) identity.getPrincipal();
        String subject = token.getSubject();
        if (subject == null || subject.isBlank() || subject.length() > LONGEST_SUBJECT) {
            throw new ProblemException("no-subject", "The sign-in is refused", 403, "the token names no subject");
        }
        String role = role(identity.getRoles(), config)
                .orElseThrow(() -> new ProblemException(
                        "no-role",
                        "No role is given to this user",
                        403,
                        "whoever runs the identity provider gives roles in the claim " + config.roleClaim()));
        return new Voucher(
                token.getIssuer(),
                subject,
                shown(token.getClaim(config.nameClaim()), subject),
                role,
                Instant.ofEpochSecond(token.getExpirationTime()));
    }

    private static Optional<String> role(Set<String> values, OidcConfig config) {
        return includes(config.admins(), values)
                ? Optional.of(Roles.ADMIN)
                : includes(config.operators(), values)
                        ? Optional.of(Roles.OPERATOR)
                        : includes(config.viewers(), values) ? Optional.of(Roles.VIEWER) : Optional.empty();
    }

    private static boolean includes(Optional<List<String>> wanted, Set<String> values) {
        return wanted.orElse(List.of()).stream().anyMatch(values::contains);
    }

    private static String shown(Object name, String subject) {
        try {
            return UserName.of(name == null ? subject : name.toString());
        } catch (IllegalArgumentException e) {
            return subject.substring(0, Math.min(subject.length(), LONGEST_NAME));
        }
    }
}
