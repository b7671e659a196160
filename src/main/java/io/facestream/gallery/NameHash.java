package io.facestream.gallery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Sha256;
import java.text.Normalizer;

/**
 * The form of a name for the database's functions on fences and audit: SHA-256 of the name in NFC, of which they store
 * an HMAC.
 */
public final class NameHash {
    private NameHash() {}

    /** 32 bytes. */
    public static byte[] of(String name) {
        return Sha256.of(Normalizer.normalize(name, Normalizer.Form.NFC).getBytes(UTF_8));
    }
}
