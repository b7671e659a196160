package io.facestream.alerts.rules;

import java.util.List;

/**
 * The cameras that a rule is about.
 *
 * @param globs {@code *} stands for any characters, {@code ?} for one
 */
record Where(List<String> globs) {
    private static final int MOST_CHARACTERS = 256;

    Where {
        globs = globs.stream().map(String::strip).toList();
    }

    /** @throws IllegalArgumentException naming what is wrong */
    static Where of(List<String> globs) {
        if (globs.isEmpty()) {
            throw new IllegalArgumentException("where names no camera: * stands for all");
        }
        for (String glob : globs) {
            if (glob.isBlank() || glob.length() > MOST_CHARACTERS) {
                throw new IllegalArgumentException("where has a camera of "
                        + glob.strip().length() + " characters: cameras have 1 to " + MOST_CHARACTERS);
            }
        }
        return new Where(globs);
    }

    boolean includes(String camera) {
        return globs.stream().anyMatch(glob -> matches(glob, camera));
    }

    /** Goes back to the latest star only, which is enough, and takes at most the product of both lengths. */
    private static boolean matches(String glob, String text) {
        int in = 0;
        int at = 0;
        int star = -1;
        int afterStar = 0;
        while (at < text.length()) {
            if (in < glob.length() && glob.charAt(in) == '*') {
                star = in++;
                afterStar = at;
            } else if (in < glob.length() && (glob.charAt(in) == '?' || glob.charAt(in) == text.charAt(at))) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++afterStar;
            } else {
                return false;
            }
        }
        while (in < glob.length() && glob.charAt(in) == '*') {
            in++;
        }
        return in == glob.length();
    }
}
