package io.facestream.enrolment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Objections that the publisher of a photo overrides, because twins look alike and children change. */
public enum Acceptance {
    /** The photo looks like another enrolled person. */
    ALIKE,
    /** The photo is unlike the person's other photos. */
    UNLIKE;

    /** The header of a record of {@code labelled-faces}: comma-separated words. */
    public static final String HEADER = "facestream_accept";

    /** The header's value; empty for none. */
    public static String header(Collection<Acceptance> accepted) {
        return accepted.stream().map(Acceptance::word).collect(Collectors.joining(","));
    }

    /** @throws EnrolmentRejection if the header contains an unknown word */
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
                EnrolmentReason.BAD_HEADER, HEADER + " must contain only alike and unlike, separated by a comma");
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
