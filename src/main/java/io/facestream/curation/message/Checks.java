package io.facestream.curation.message;

import io.facestream.messaging.PlainName;
import java.util.List;
import java.util.UUID;

/** Checks values of commands. Each throws {@link IllegalArgumentException}, naming the field, if one is not allowed. */
final class Checks {
    private static final int MOST_CHARACTERS = 256;

    private Checks() {}

    static String name(String field, String name) {
        require(name != null, field + " is missing");
        try {
            return PlainName.of(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }

    static String person(String field, String person) {
        require(person != null, field + ", a person's id or name, is missing");
        return name(field, person);
    }

    static List<String> people(List<String> people) {
        return list("people", people).stream()
                .map(person -> person("people", person))
                .toList();
    }

    static List<UUID> samples(List<UUID> samples) {
        return list("samples", samples);
    }

    static <T> List<T> list(String field, List<T> values) {
        require(
                values != null
                        && !values.isEmpty()
                        && values.size() <= GalleryCommand.MOST
                        && values.stream().noneMatch(v -> v == null),
                field + " has 1 to " + GalleryCommand.MOST + " values");
        return values.stream().distinct().toList();
    }

    /** As in a rule: fewer; null stands for the default. */
    static List<String> few(String field, List<String> values, List<String> otherwise) {
        if (values == null) {
            return otherwise;
        }
        require(
                values.size() <= AlertRule.MOST
                        && values.stream().noneMatch(v -> v == null || v.length() > MOST_CHARACTERS),
                field + " has at most " + AlertRule.MOST + " values of " + MOST_CHARACTERS + " characters");
        return values.stream().map(String::strip).distinct().toList();
    }

    static String id(String field, String id) {
        require(
                id != null && !id.isBlank() && id.length() <= GalleryCommand.MOST_ID,
                field + " has 1 to " + GalleryCommand.MOST_ID + " characters");
        return id;
    }

    static String tag(String tag) {
        String plain = name("tag", tag);
        require(
                plain.length() <= GalleryCommand.MOST_TAG,
                "tag has at most " + GalleryCommand.MOST_TAG + " characters");
        return plain;
    }

    static void requireOneOf(String into, String name) {
        require((into == null) != (name == null), "either into, whose it is, or name, of a new person");
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
