package io.facestream.web;

/** Tells programs from browsers: programs bring keys to the API, and browsers sessions to everything else. */
public final class ApiPath {
    private static final String API = "/api/";

    private ApiPath() {}

    /** Whether a request's path is the API's. */
    public static boolean includes(String path) {
        return path.startsWith(API);
    }
}
