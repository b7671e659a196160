package io.facestream.web.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a provider renews and ends a session by.
 *
 * @param refreshToken null if it gave none
 */
record SessionTokens(String idToken, String refreshToken) {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    /** Neither kind of token has one (RFC 7519, section 3; RFC 6749, appendix A.17). */
    private static final String BETWEEN = "\n";

    /** Encrypts them: a nonce of 12 bytes, what AES-GCM makes, and its tag. */
    byte[] seal(byte[] key) {
        byte[] nonce = new byte[NONCE];
        new SecureRandom().nextBytes(nonce);
        byte[] plain = (refreshToken == null ? idToken : idToken + BETWEEN + refreshToken).getBytes(US_ASCII);
        try {
            byte[] secret = cipher(Cipher.ENCRYPT_MODE, key, nonce).doFinal(plain);
            return ByteBuffer.allocate(NONCE + secret.length)
                    .put(nonce)
                    .put(secret)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of each Java", e);
        }
    }

    /** What {@link #seal} made with the same key; empty of anything else. */
    static Optional<SessionTokens> unseal(byte[] sealed, byte[] key) {
        if (sealed.length < NONCE) {
            return Optional.empty();
        }
        try {
            byte[] plain = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, NONCE))
                    .doFinal(sealed, NONCE, sealed.length - NONCE);
            String[] tokens = new String(plain, US_ASCII).split(BETWEEN, 2);
            return Optional.of(new SessionTokens(tokens[0], tokens.length == 1 ? null : tokens[1]));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    /** The tokens are no business of a log. */
    @Override
    public String toString() {
        return "SessionTokens";
    }
}
