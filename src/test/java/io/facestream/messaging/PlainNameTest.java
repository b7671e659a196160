package io.facestream.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainNameTest {
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "Rene\u0301 Mu\u0308ller,Ren\u00e9 M\u00fcller",
                "Ren\u00e9 M\u00fcller,Ren\u00e9 M\u00fcller",
                "Bob\u00a0Smith,Bob Smith",
                "Bob\u3000\u2009 Smith,Bob Smith",
                " Bob Smith\u00a0,Bob Smith",
                "\u212bngstr\u00f6m,\u00c5ngstr\u00f6m",
                "\u1112\u1161\u11ab,\ud55c",
                "\u5c71\u7530\u3000\u592a\u90ce,\u5c71\u7530 \u592a\u90ce"
            })
    void namesThatLookEqualAreEqual(String raw, String expected) {
        assertThat(PlainName.of(raw)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Gate 3 (north) #2/B",
                "O\u2019Brien-\u0141ukasz",
                // Ali-Reza in Persian: without the joiner the two parts would run together.
                "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
                // A vowel sign between letter and joiner.
                "\u0639\u0644\u06cc\u064e\u200c\u0631\u0636\u0627",
                // Sri in Sinhala: the joiner makes the two letters one.
                "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
                // Devanagari, a conjunct kept apart.
                "\u0915\u094d\u200c\u0937",
                // Malayalam, a chillu at the end, as older texts write it.
                "\u0d05\u0d35\u0d28\u0d4d\u200d",
                "\ud83d\ude00"
            })
    void whatANameNeedsIsKept(String name) {
        assertThat(PlainName.of(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "Bob\u200bSmith,U+200B ZERO WIDTH SPACE at position 4",
        "\ufeffBob,U+FEFF ZERO WIDTH NO-BREAK SPACE at position 1",
        "Bo\u00adb,U+00AD SOFT HYPHEN at position 3",
        "Bob\u202e,U+202E RIGHT-TO-LEFT OVERRIDE at position 4",
        "Bob\u200d,U+200D ZERO WIDTH JOINER at position 4",
        "Bo\u200cb,U+200C ZERO WIDTH NON-JOINER at position 3",
        "Bob\u2028Smith,U+2028 LINE SEPARATOR at position 4",
        "Bob\u3164,U+3164 HANGUL FILLER at position 4",
        "Bob\u2800,U+2800 BRAILLE PATTERN BLANK at position 4",
        "B\u034fob,U+034F COMBINING GRAPHEME JOINER at position 2",
        "Bob\ufe0f,U+FE0F VARIATION SELECTOR-16 at position 4",
        "Bob\ue000,U+E000 PRIVATE USE AREA E000 at position 4",
        "Bob\uffff,U+FFFF (unassigned) at position 4",
        "Bob\ud800,U+D800 HIGH SURROGATES D800 at position 4",
        "\ud83d\ude00\ud83d\ude00\udb40\udd00,U+E0100 VARIATION SELECTOR-17 at position 3",
        // After alef, which joins to nothing that follows.
        "\u0627\u200c\u0631,U+200C ZERO WIDTH NON-JOINER at position 2",
        // Twice: the second cannot be seen.
        "\u06cc\u200c\u200c\u0631,U+200C ZERO WIDTH NON-JOINER at position 2",
        // A family, joined.
        "\ud83d\udc68\u200d\ud83d\udc69,U+200D ZERO WIDTH JOINER at position 2"
    })
    void whatCannotBeSeenIsRefusedByNameAndPlace(String raw, String named) {
        assertThatIllegalArgumentException().isThrownBy(() -> PlainName.of(raw)).withMessageStartingWith(named);
    }

    @Test
    void controlCharactersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlainName.of("Bob\tSmith\n"))
                .withMessageStartingWith("U+0009 CHARACTER TABULATION at position 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u00a0\u3000"})
    void aBlankNameIsRefused(String raw) {
        assertThatIllegalArgumentException().isThrownBy(() -> PlainName.of(raw)).withMessageContaining("blank");
    }

    @Test
    void lengthIsThatOfTheKeptForm() {
        String kept = "\u00fc".repeat(256);

        assertThat(PlainName.of(Normalizer.normalize(kept, Normalizer.Form.NFD)))
                .isEqualTo(kept);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlainName.of(kept + "x"))
                .withMessageContaining("at most 256 characters, not 257");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlainName.of("x".repeat(8 << 20)))
                .withMessageContaining("at most 256");
    }

    @Test
    void theFormOfAFormIsItself() {
        int[] points = java.util.stream.IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(point -> Character.getType(point) != Character.SURROGATE)
                .toArray();
        for (int point : points) {
            String form;
            try {
                form = PlainName.of("a" + Character.toString(point) + "b");
            } catch (IllegalArgumentException e) {
                continue;
            }
            assertThat(PlainName.of(form)).isEqualTo(form);
        }
    }
}
