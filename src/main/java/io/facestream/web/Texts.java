package io.facestream.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/** Texts of requests: as the database, a pattern or a URL can have them. */
public final class Texts {
    /** As long as the longest name of a person or camera. */
    private static final int LONGEST = 256;

    private Texts() {}

    /** Without U+0000, which texts of the database cannot have. */
    public static String storable(String value) {
        return value.replace("\u0000", "");
    }

    /** Storable, without spaces around it, and at most 256 characters; empty for null. */
    public static String cut(String value) {
        String present = value == null ? "" : storable(value).strip();
        return present.length() > LONGEST ? present.substring(0, LONGEST) : present;
    }

    /** The SQL pattern of texts that contain this one. */
    public static String containing(String text) {
        return "%" + text.replaceAll("([\\\\%_])", "\\\\$1") + "%";
    }

    /** As the query of a URL has it. */
    public static String encoded(String value) {
        return URLEncoder.encode(value, UTF_8);
    }
}
