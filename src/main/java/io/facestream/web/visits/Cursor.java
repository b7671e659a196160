package io.facestream.web.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;

/** The place of a visit in the list, which begins with the latest. */
public record Cursor(Instant firstSeen, String source, String id) {
    private static final int PARTS = 3;

    /** As URLs have it. */
    public String text() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((firstSeen + "\n" + source + "\n" + id).getBytes(UTF_8));
    }

    /** Null if the text is no cursor. */
    public static Cursor of(String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), UTF_8).split("\n", PARTS);
            if (parts.length != PARTS || (parts[1] + parts[2]).indexOf(0) >= 0) {
                return null;
            }
            Instant firstSeen = Instant.parse(parts[0]);
            return VisitQuery.isOfOurTimes(firstSeen.atOffset(ZoneOffset.UTC).getYear())
                    ? new Cursor(firstSeen, parts[1], parts[2])
                    : null;
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }
}
