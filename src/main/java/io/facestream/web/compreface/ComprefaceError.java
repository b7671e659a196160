package io.facestream.web.compreface;

import io.facestream.web.Problem;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Why a request failed, in CompreFace's words and with its codes. */
record ComprefaceError(String message, int code) {
    /** The code of the problem that a picture shows no face. */
    static final String NO_FACE = "no-face";

    private static final int OTHER = 0;

    /** By FaceStream's codes; CompreFace's are those of its {@code CommonExceptionCode}. */
    private static final Map<String, Integer> CODES = Map.ofEntries(
            Map.entry(NO_FACE, 28),
            Map.entry("no-key", 10),
            Map.entry("not-an-image", 21),
            Map.entry("truncated", 21),
            Map.entry("undecodable", 21),
            Map.entry("empty", 21),
            Map.entry("bad-parameter", 26),
            Map.entry("bad-form", 26),
            Map.entry("bad-json", 26),
            Map.entry("no-picture", 33),
            Map.entry("no-subject", 33),
            Map.entry("not-allowed", 32),
            Map.entry("busy", 41),
            Map.entry("too-many", 41),
            Map.entry("no-database", 41),
            Map.entry("no-kafka", 41),
            Map.entry("no-answer", 41),
            Map.entry("fault", 41));

    /** The answer to a request that failed. */
    static Response of(Problem problem) {
        String message = problem.detail() == null ? problem.title() : problem.title() + ": " + problem.detail();
        int code = CODES.getOrDefault(problem.code(), OTHER);
        return Problem.headers(Response.status(problem.status()), problem.status())
                .type(MediaType.APPLICATION_JSON)
                .entity(new ComprefaceError(message, code))
                .build();
    }
}
