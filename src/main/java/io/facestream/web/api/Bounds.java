package io.facestream.web.api;

import io.facestream.web.ProblemException;

/** Checks parameters. */
final class Bounds {
    static final int LARGEST_PAGE = 1_000;

    private Bounds() {}

    /** @throws ProblemException {@code bad-parameter} (400) if the number is not 1 to that many */
    static int upTo(int most, String name, int value) {
        if (value < 1 || value > most) {
            throw bad(name + " is 1 to " + most);
        }
        return value;
    }

    static ProblemException bad(String what) {
        return new ProblemException("bad-parameter", "A parameter has no allowed value", 400, what);
    }
}
