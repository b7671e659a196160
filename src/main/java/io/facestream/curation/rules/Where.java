package io.facestream.curation.rules;

import io.facestream.messaging.PlainName;
import java.util.List;

/**
 * The cameras that a rule is about.
 *
 * @param globs in the form in which names are stored; {@code *} stands for any characters, {@code ?} for one
 */
public record Where(List<String> globs) {
    private static final int MOST_CHARACTERS = 256;

    public Where {
        globs = List.copyOf(globs);
    }

    /** @throws IllegalArgumentException naming what is wrong */
    public static Where of(List<String> globs) {
        if (globs.isEmpty()) {
            throw new IllegalArgumentException("where names no camera: * stands for all");
        }
        for (String glob : globs) {
            if (glob.isBlank() || glob.length() > MOST_CHARACTERS) {
                throw new IllegalArgumentException("where has a camera of "
                        + glob.strip().length() + " characters: cameras have 1 to " + MOST_CHARACTERS);
            }
        }
        try {
            return new Where(globs.stream().map(PlainName::of).toList());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("where has a name that no camera can have: " + e.getMessage(), e);
        }
    }

    public boolean includes(String camera) {
        int[] text = camera.codePoints().toArray();
        return globs.stream().anyMatch(glob -> matches(glob.codePoints().toArray(), text));
    }

    /** Goes back to the latest star only, which is enough, and takes at most the product of both lengths. */
    private static boolean matches(int[] glob, int[] text) {
        int in = 0;
        int at = 0;
        int star = -1;
        int afterStar = 0;
        while (at < text.length) {
            if (in < glob.length && glob[in] == '*') {
                star = in++;
                afterStar = at;
            } else if (in < glob.length && (glob[in] == '?' || glob[in] == text[at])) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++afterStar;
            } else {
                return false;
            }
        }
        while (in < glob.length && glob[in] == '*') {
            in++;
        }
        return in == glob.length;
    }
}
