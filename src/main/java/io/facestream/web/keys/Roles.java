package io.facestream.web.keys;

import java.util.List;
import java.util.Set;

/** What keys allow. Each role may do what those before it may. */
public final class Roles {
    /** Reads, and compares pictures that it brings. */
    public static final String VIEWER = "viewer";

    /** Searches people by pictures, and changes people and photos. */
    public static final String OPERATOR = "operator";

    /** Does everything. */
    public static final String ADMIN = "admin";

    private static final List<String> ALL = List.of(VIEWER, OPERATOR, ADMIN);

    private Roles() {}

    /** A role and those before it. */
    public static Set<String> upTo(String role) {
        return Set.copyOf(ALL.subList(0, ALL.indexOf(role) + 1));
    }
}
