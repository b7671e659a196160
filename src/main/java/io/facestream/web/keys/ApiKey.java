package io.facestream.web.keys;

import io.quarkus.security.credential.Credential;
import io.quarkus.security.identity.SecurityIdentity;
import java.util.UUID;

/**
 * The key of a request, or the access token that a provider gave instead of one.
 *
 * @param id of the key, or of whoever the token is of
 * @param name as its owner calls it; of a token, {@code oidc:} and what the provider calls its owner
 * @param sha256 of the key; with it the database lets this process search on the owner's behalf
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ApiKey(UUID id, String name, byte[] sha256) implements Credential {
    /** The key that a request came with, once it is allowed. */
    public static ApiKey of(SecurityIdentity caller) {
        return caller.getCredential(ApiKey.class);
    }
}
