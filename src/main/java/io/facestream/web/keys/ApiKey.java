package io.facestream.web.keys;

import io.quarkus.security.credential.Credential;
import io.quarkus.security.identity.SecurityIdentity;
import java.util.UUID;

/**
 * The key of a request.
 *
 * @param name as its owner calls it
 * @param sha256 of the key; with it the database lets this process search on the owner's behalf
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ApiKey(UUID id, String name, byte[] sha256) implements Credential {
    /** The key that a request came with, once it is allowed. */
    public static ApiKey of(SecurityIdentity caller) {
        return caller.getCredential(ApiKey.class);
    }
}
