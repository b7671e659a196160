package io.facestream.web.users;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Sha256;
import io.quarkus.security.credential.Credential;
import io.quarkus.security.identity.SecurityIdentity;
import java.util.Base64;
import java.util.UUID;

/**
 * The session of a request.
 *
 * @param name identifies the user: as they signed in, or {@code oidc:} and what their provider calls them
 * @param shown the name for the page
 * @param role {@code viewer}, {@code operator} or {@code admin}
 * @param tokenSha256 of the cookie's value; with it the database lets this process look at faces on the user's behalf
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record WebSession(UUID user, String name, String shown, String role, byte[] tokenSha256) implements Credential {
    private static final String COOKIE = "facestream_session";

    /**
     * The cookie that has the session's token. With TLS browsers take it from this site alone, by its prefix (RFC
     * 6265bis, section 4.1.3.2).
     *
     * @param scheme of the request, as the browser sent it
     */
    public static String cookie(String scheme) {
        return "https".equals(scheme) ? "__Host-" + COOKIE : COOKIE;
    }

    /** The session that a request came with; null if it came with a key, or with nothing. */
    public static WebSession of(SecurityIdentity caller) {
        return caller.getCredential(WebSession.class);
    }

    /** What a form of this session brings along; another site cannot know it. */
    public static String formToken(String cookie) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(("form of " + cookie).getBytes(UTF_8)));
    }
}
