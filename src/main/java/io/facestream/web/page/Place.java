package io.facestream.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/** The place of a visit in the list, which begins with the latest: a cursor. */
record Place(Instant firstSeen, String source, String id) {
    private static final int PARTS = 3;

    /** As URLs have it. */
    String text() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((firstSeen + "\n" + source + "\n" + id).getBytes(UTF_8));
    }

    /** Null if the text is none. */
    static Place of(String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), UTF_8).split("\n", PARTS);
            return parts.length == PARTS ? new Place(Instant.parse(parts[0]), parts[1], parts[2]) : null;
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }
}
