package io.facestream.curation.rules;

import io.facestream.messaging.PlainName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whom a rule is about, as it is written: {@code anybody}, {@code known}, {@code strangers}, {@code unknown}, people by
 * name or id, strangers by id, or {@code tag:staff}.
 *
 * @param known everybody who is in the gallery
 * @param strangers passers-by who are kept
 * @param unknown everybody who is not in the gallery, strangers among them
 * @param people ids, or names in the form in which they are stored
 * @param tags of people
 */
public record Whom(boolean known, boolean strangers, boolean unknown, List<String> people, List<String> tags) {
    private static final String TAG = "tag:";
    private static final Set<String> WORDS = Set.of("anybody", "known", "strangers", "unknown");

    public Whom {
        people = List.copyOf(people);
        tags = List.copyOf(tags);
    }

    /** @throws IllegalArgumentException naming what is wrong */
    public static Whom of(List<String> entries) {
        boolean known = false;
        boolean strangers = false;
        boolean unknown = false;
        List<String> people = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        for (String entry : entries) {
            String one = entry.strip();
            switch (one) {
                case "anybody" -> {
                    known = true;
                    unknown = true;
                }
                case "known" -> known = true;
                case "strangers" -> strangers = true;
                case "unknown" -> unknown = true;
                default -> {
                    if (one.startsWith(TAG)) {
                        tags.add(plain("a tag", one.substring(TAG.length())));
                    } else {
                        people.add(person(one));
                    }
                }
            }
        }
        if (!known && !strangers && !unknown && people.isEmpty() && tags.isEmpty()) {
            throw new IllegalArgumentException("who names nobody: anybody, known, strangers, unknown, or people by"
                    + " name, identityId or tag:...");
        }
        return new Whom(
                known,
                strangers,
                unknown,
                people.stream().distinct().toList(),
                tags.stream().distinct().toList());
    }

    private static String person(String entry) {
        if (WORDS.contains(PlainName.folded(entry))) {
            throw new IllegalArgumentException("who has \"" + entry + "\": "
                    + String.join(", ", WORDS.stream().sorted().toList())
                    + " are written in lower case, and a person of such a name is given by identityId");
        }
        return plain("a name", entry);
    }

    private static String plain(String what, String text) {
        try {
            return PlainName.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("who has " + what + " that nobody can have: " + e.getMessage(), e);
        }
    }
}
