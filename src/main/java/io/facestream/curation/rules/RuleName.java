package io.facestream.curation.rules;

import java.util.regex.Pattern;

/** The name of a rule or a target. */
public final class RuleName {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private RuleName() {}

    /**
     * Checks a name.
     *
     * @param setting that has the name, for the message
     * @throws IllegalArgumentException if it is not 1 to 63 lower-case letters, digits and hyphens
     */
    public static void check(String setting, String name) {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    setting + ": a name is 1 to 63 of the characters a-z 0-9 -, and does not begin with -");
        }
    }
}
