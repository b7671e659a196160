package io.facestream.web;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Why a request failed, as RFC 9457 describes problems.
 *
 * @param type a URI that names the kind of problem, {@code urn:facestream:problem:} and a code
 * @param title the kind in words
 * @param status HTTP's status code
 * @param detail what is wrong with this request, and what to do; absent if the title says it all
 */
@Schema(description = "Why a request failed (RFC 9457)")
public record Problem(String type, String title, int status, String detail) {
    /** The media type of its JSON. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** When to come again after 429 and 503. */
    static final String RETRY_AFTER_SECONDS = "1";

    static final int PAYLOAD_TOO_LARGE = 413;
    static final int UNAVAILABLE = 503;
    private static final int TOO_MANY = 429;
    private static final String PREFIX = "urn:facestream:problem:";

    static Problem of(String code, String title, int status, String detail) {
        return new Problem(PREFIX + code, title, status, detail);
    }

    /** The kind of problem, such as {@code no-picture}. */
    public String code() {
        return type.substring(PREFIX.length());
    }

    /** A fault of ours, which the log has. */
    public static Problem fault() {
        return of("fault", "FaceStream failed", 500, null);
    }

    /** The answer, with this as its body. */
    Response response() {
        return headers(Response.status(status), status)
                .type(MEDIA_TYPE)
                .entity(this)
                .build();
    }

    /** Adds what HTTP wants beside some statuses. */
    public static Response.ResponseBuilder headers(Response.ResponseBuilder response, int status) {
        return switch (status) {
            case TOO_MANY, UNAVAILABLE -> response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
            case 401 -> response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"facestream\"");
            default -> response;
        };
    }
}
