package io.facestream.alerts.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Sha256;
import java.nio.ByteBuffer;
import java.util.UUID;

/** The idempotency key of an alert. */
final class AlertId {
    private static final long VERSION = 0x8000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private AlertId() {}

    /** The same for the same texts, always and everywhere: a UUID of version 8 (RFC 9562) from their SHA-256. */
    static UUID of(String source, String sightingId, String rule, String target, String subject) {
        // No text has a line end: attributes of CloudEvents and names of settings cannot.
        byte[] hash = Sha256.of(
                String.join("\n", source, sightingId, rule, target, subject).getBytes(UTF_8));
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        long high = (bytes.getLong() & ~0xf000L) | VERSION;
        long low = (bytes.getLong() & ~0xc000_0000_0000_0000L) | VARIANT;
        return new UUID(high, low);
    }
}
