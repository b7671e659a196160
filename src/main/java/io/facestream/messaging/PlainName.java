package io.facestream.messaging;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The one form of a name that a person or a camera goes by: names that look equal are equal.
 *
 * <p>A name is in Unicode NFC, its white space is single {@code U+0020} between words, and every character of it can be
 * seen. Refused are control and format characters, private use, unassigned code points and unpaired surrogates (general
 * categories Cc, Cf, Co, Cn, Cs), line and paragraph separators, and what shows nothing though it counts as a letter, a
 * mark or a symbol (fillers, variation selectors, the grapheme joiner, the empty Braille pattern).
 *
 * <p>The two joiners are refused too, except where a name's spelling needs them (after Unicode Standard Annex 31,
 * section 2.3): {@code U+200C} between Arabic letters that would join without it, as in Persian names, and both after the
 * virama of an Indic script. Emoji that are joined or styled by such characters are therefore no part of a name.
 */
public final class PlainName {
    private static final int MAX_CHARACTERS = 256;

    /** In NFD a name is longer; what is far longer is not even looked at. */
    private static final int MAX_RAW_CHARACTERS = 4 * MAX_CHARACTERS;

    /** Letters of the Arabic script that join to no letter after them: Joining_Type R and U of ArabicShaping.txt. */
    private static final String NOT_JOINED_ON = "\u0621-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0677\u0688-\u0699"
            + "\u06c0\u06c3-\u06cb\u06cd\u06cf\u06d2\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef"
            + "\u0759-\u075b\u076b\u076c\u0771\u0773\u0774\u0778\u0779";

    /** Letters that join to no letter before them: Joining_Type U. */
    private static final String ALONE = "\u0621\u0674\u06e5\u06e6";

    private static final String ARABIC = "\\p{L}&&[\u0620-\u06ff\u0750-\u077f]";

    /** Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada, Malayalam, Sinhala. */
    private static final String VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca";

    /** A joiner that changes how the letters around it look. */
    private static final Pattern SPELLING = Pattern.compile("(?<=[" + ARABIC + "&&[^" + NOT_JOINED_ON
            + "]]\\p{Mn}{0,4})\u200c(?=\\p{Mn}{0,4}[" + ARABIC + "&&[^" + ALONE + "]])"
            + "|(?<=[" + VIRAMAS + "])(?:\u200c(?=\\p{L})|\u200d(?![\\p{M}\u200c\u200d]))");

    /**
     * Categories, and the Default_Ignorable_Code_Points of DerivedCoreProperties.txt that are in none of them: they count as
     * letters and marks. The empty Braille pattern is a symbol that looks like a space.
     */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\p{Cs}\\p{Zl}\\p{Zp}"
            + "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\\x{E0100}-\\x{E01EF}]");

    private static final Pattern SPACES = Pattern.compile("\\p{Zs}+");

    /** With those that are refused, of names that are not plain. */
    private static final Pattern ALL_SPACES = Pattern.compile("[\\p{Zs}\t-\r\u0085\u2028\u2029]+");

    private PlainName() {}

    /**
     * The form in which that name is kept and compared; the form of a form is itself.
     *
     * @throws IllegalArgumentException naming the character and its place, if the name has one that cannot be seen, and if it
     *     is blank or longer than 256 characters
     */
    public static String of(String raw) {
        if (raw.length() > MAX_RAW_CHARACTERS) {
            throw tooLong(raw.length());
        }
        var invisible = INVISIBLE.matcher(SPELLING.matcher(raw).replaceAll("x"));
        if (invisible.find()) {
            throw new IllegalArgumentException(described(raw.codePointAt(invisible.start())) + " at position "
                    + (raw.codePointCount(0, invisible.start()) + 1) + ": a name has no invisible characters");
        }
        String name = Normalizer.normalize(SPACES.matcher(raw).replaceAll(" ").strip(), Normalizer.Form.NFC);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a name is not blank");
        }
        if (name.length() > MAX_CHARACTERS) {
            throw tooLong(name.length());
        }
        return name;
    }

    /**
     * The same for names that a reader takes for one: that differ in case, in width, in sharp s, final sigma, or the dot of an i,
     * or in what cannot be seen. {@code facestream.folded_name} in the database has the same, and therefore uses no upper case,
     * in which its collations differ.
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
        return new IllegalArgumentException("a name has at most " + MAX_CHARACTERS + " characters, not " + characters);
    }

    /** As in Unicode's tables: {@code U+200B ZERO WIDTH SPACE}. */
    private static String described(int codePoint) {
        String name = Character.getName(codePoint);
        return String.format("U+%04X", codePoint) + (name == null ? " (unassigned)" : " " + name);
    }
}
