package io.facestream.messaging;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The canonical form of the name of a person or a camera: names that look equal are equal.
 *
 * <p>A name is in Unicode NFC, has a single {@code U+0020} between words, and consists of visible characters. It must
 * not contain control and format characters, private use, unassigned code points and unpaired surrogates (general
 * categories Cc, Cf, Co, Cn, Cs), or line and paragraph separators. Letters, marks and symbols that are invisible
 * (fillers, variation selectors, the grapheme joiner, the empty Braille pattern) are refused too.
 *
 * <p>The two joiners are refused too, except where a name's spelling needs them (after Unicode Standard Annex 31,
 * section 2.3): {@code U+200C} between Arabic letters that would join without it, as in Persian names, and both after
 * the virama of an Indic script. A name therefore cannot contain emoji that are joined or styled by such characters.
 */
public final class PlainName {
    private static final int MAX_CHARACTERS = 256;

    /** A name is longer in NFD. Anything longer than this is refused unread. */
    private static final int MAX_RAW_CHARACTERS = 4 * MAX_CHARACTERS;

    /**
     * Letters of the Arabic script that never join to the letter after them: Joining_Type R and U of ArabicShaping.txt.
     */
    private static final String NOT_JOINED_ON = "\u0621-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0677\u0688-\u0699"
            + "\u06c0\u06c3-\u06cb\u06cd\u06cf\u06d2\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef"
            + "\u0759-\u075b\u076b\u076c\u0771\u0773\u0774\u0778\u0779";

    /** Letters that never join to the letter before them: Joining_Type U. */
    private static final String ALONE = "\u0621\u0674\u06e5\u06e6";

    private static final String ARABIC = "\\p{L}&&[\u0620-\u06ff\u0750-\u077f]";

    /** Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada, Malayalam, Sinhala. */
    private static final String VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca";

    /** A joiner that changes how the letters around it look. */
    private static final Pattern SPELLING = Pattern.compile("(?<=[" + ARABIC + "&&[^" + NOT_JOINED_ON
            + "]]\\p{Mn}{0,4})\u200c(?=\\p{Mn}{0,4}[" + ARABIC + "&&[^" + ALONE + "]])"
            + "|(?<=[" + VIRAMAS + "])(?:\u200c(?=\\p{L})|\u200d(?![\\p{M}\u200c\u200d]))");

    /**
     * Refused categories, and the Default_Ignorable_Code_Points of DerivedCoreProperties.txt outside them, which count
     * as letters and marks. The empty Braille pattern is a symbol that looks like a space.
     */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\p{Cs}\\p{Zl}\\p{Zp}"
            + "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\\x{E0100}-\\x{E01EF}]");

    private static final Pattern SPACES = Pattern.compile("\\p{Zs}+");

    /** Includes the refused ones, for names that were never checked. */
    private static final Pattern ALL_SPACES = Pattern.compile("[\\p{Zs}\t-\r\u0085\u2028\u2029]+");

    private PlainName() {}

    /**
     * The form in which a name is stored and compared; idempotent.
     *
     * @throws IllegalArgumentException if the name contains an invisible character, which the message names with its
     *     position, or is blank or longer than 256 characters
     */
    public static String of(String raw) {
        if (raw.length() > MAX_RAW_CHARACTERS) {
            throw tooLong(raw.length());
        }
        var invisible = INVISIBLE.matcher(SPELLING.matcher(raw).replaceAll("x"));
        if (invisible.find()) {
            throw new IllegalArgumentException(described(raw.codePointAt(invisible.start())) + " at position "
                    + (raw.codePointCount(0, invisible.start()) + 1)
                    + ": a name must not contain invisible characters");
        }
        String name = Normalizer.normalize(SPACES.matcher(raw).replaceAll(" ").strip(), Normalizer.Form.NFC);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a name must not be blank");
        }
        if (name.length() > MAX_CHARACTERS) {
            throw tooLong(name.length());
        }
        return name;
    }

    /**
     * The key under which names collide that a reader would take for the same: they differ only in case, width, sharp
     * s, final sigma, the dot of an i, or in invisible characters. {@code facestream.folded_name} in the database
     * computes the same key. Both avoid upper case, where the database's collations differ from Java.
     */
    public static String folded(String name) {
        String seen =
                INVISIBLE.matcher(ALL_SPACES.matcher(name).replaceAll(" ")).replaceAll("");
        String folded = Normalizer.normalize(seen, Normalizer.Form.NFKC)
                .replace('\u0130', 'i')
                .replace('\u0131', 'i')
                .toLowerCase(Locale.ROOT)
                .replace("\u00df", "ss")
                .replace('\u03c2', '\u03c3')
                .replace("i\u0307", "i");
        return SPACES.matcher(Normalizer.normalize(folded, Normalizer.Form.NFC))
                .replaceAll(" ")
                .strip();
    }

    private static IllegalArgumentException tooLong(int characters) {
        return new IllegalArgumentException(
                "a name must have at most " + MAX_CHARACTERS + " characters, not " + characters);
    }

    /** Describes a character as Unicode's tables do: {@code U+200B ZERO WIDTH SPACE}. */
    private static String described(int codePoint) {
        String name = Character.getName(codePoint);
        return String.format("U+%04X", codePoint) + (name == null ? " (unassigned)" : " " + name);
    }
}
