package io.facestream.web.page;

import io.facestream.web.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Answers with a face. */
final class Pictures {
    private Pictures() {}

    /** Makes the browser forget the pictures that it keeps. */
    static Response.ResponseBuilder forget(Response.ResponseBuilder answer) {
        return answer.header("Clear-Site-Data", "\"cache\"");
    }

    /**
     * The picture, which the browser may keep for a while, so that a list that is drawn anew is one look.
     *
     * @throws ProblemException if there is none
     */
    static Response.ResponseBuilder of(Optional<byte[]> png) {
        return Response.ok(png.orElseThrow(
                        () -> new ProblemException("no-picture", "There is no such picture any more", 404, null)))
                .header(HttpHeaders.CACHE_CONTROL, "private, max-age=3600")
                .header(HttpHeaders.VARY, HttpHeaders.COOKIE);
    }
}
