package io.facestream.enrolment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** What a photo is enrolled in spite of, by the word of whoever published it: twins look alike, and children change. */
public enum Acceptance {
    /** That it looks like somebody else who is enrolled. */
    ALIKE,
    /** That it is unlike the person's other photos. */
    UNLIKE;

    /** The header of a record of {@code labelled-faces}: words, comma-separated. */
    public static final String HEADER = "facestream_accept";

    /** As the header has them; empty for none. */
    public static String header(Collection<Acceptance> accepted) {
        return accepted.stream().map(Acceptance::word).collect(Collectors.joining(","));
    }

    /** @throws EnrolmentRejection if a word is none of these */
    static Set<Acceptance> of(Headers headers) throws EnrolmentRejection {
        Set<Acceptance> accepted = EnumSet.noneOf(Acceptance.class);
        Header header = headers.lastHeader(HEADER);
        if (header == null || header.value() == null) {
            return accepted;
        }
        for (String word : new String(header.value(), UTF_8).split(",", -1)) {
            accepted.add(of(word.strip()));
        }
        return accepted;
    }

    private static Acceptance of(String word) throws EnrolmentRejection {
        for (Acceptance acceptance : values()) {
            if (acceptance.word().equals(word)) {
                return acceptance;
            }
        }
        throw new EnrolmentRejection(
                EnrolmentReason.BAD_HEADER, HEADER + " has alike and unlike, comma-separated, and nothing else");
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
