package io.facestream.alerts.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Sha256;
import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * A name as one level of a topic and as part of an id. MQTT keeps {@code +}, {@code #} and {@code /} for itself, and
 * Home Assistant takes {@code A-Z a-z 0-9 _ -} only. A name of these is itself, so that people can write its topics by
 * hand. Of any other the readable part is followed by two hyphens and a hash. No plain name contains these, so two
 * names never meet.
 */
final class TopicLevel {
    private static final Pattern PLAIN = Pattern.compile("(?!.*--)[A-Za-z0-9_-]{1,64}");
    private static final int READABLE = 32;

    /** 64 bits: of 10,000 names two meet with a probability of 3e-12. */
    private static final int HASH_DIGITS = 16;

    private TopicLevel() {}

    static String of(String name) {
        if (PLAIN.matcher(name).matches()) {
            return name;
        }
        String readable = Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("\\p{M}+", "")
                .replaceAll("[^A-Za-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        return readable.substring(0, Math.min(READABLE, readable.length())) + "--"
                + Sha256.hex(name.getBytes(UTF_8)).substring(0, HASH_DIGITS);
    }
}
