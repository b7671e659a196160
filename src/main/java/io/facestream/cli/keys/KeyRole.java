package io.facestream.cli.keys;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a key allows. */
public enum KeyRole {
    VIEWER,
    OPERATOR,
    ADMIN;

    /** As the database has it, and as people write it. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
