package io.facestream.secrets;

import java.security.GeneralSecurityException;
import java.text.Normalizer;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** What a password is stretched to, so that each guess at one costs a tenth of a second. */
public final class PasswordKey {
    /** OWASP's least for PBKDF2-HMAC-SHA512, as of 2023. */
    public static final int ROUNDS = 210_000;

    /** Bytes of a salt, which is random for each password. */
    public static final int SALT = 16;

    /** Characters of a password, at most: what is longer would cost time before it is refused. */
    public static final int LONGEST = 200;

    private static final int BITS = 256;

    private PasswordKey() {}

    /**
     * PBKDF2-HMAC-SHA512 of the password in Unicode NFC, so that it does not matter how a keyboard composes letters.
     *
     * @param salt {@link #SALT} bytes
     * @param rounds 1 or more
     * @return 32 bytes
     */
    public static byte[] stretch(String password, byte[] salt, int rounds) {
        PBEKeySpec spec = new PBEKeySpec(
                Normalizer.normalize(password, Normalizer.Form.NFC).toCharArray(), salt, rounds, BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java has PBKDF2", e);
        } finally {
            spec.clearPassword();
        }
    }
}
