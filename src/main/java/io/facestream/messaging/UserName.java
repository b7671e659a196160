package io.facestream.messaging;

/** What somebody signs in as: a {@link PlainName} of at most 100 characters. */
public final class UserName {
    private static final int LONGEST = 100;

    private UserName() {}

    /**
     * The one form of a name, however a keyboard composes its letters.
     *
     * @throws IllegalArgumentException if it is not allowed; the message says why
     */
    public static String of(String name) {
        String plain = PlainName.of(name);
        if (plain.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "a user's name has 1 to " + LONGEST + " characters, not " + plain.length());
        }
        return plain;
    }
}
