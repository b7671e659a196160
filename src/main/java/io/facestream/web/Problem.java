package io.facestream.web;

import io.facestream.embeddings.NoEmbeddingException;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
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

    /** When to come again after 503. */
    static final String RETRY_AFTER_SECONDS = "1";

    static final int PAYLOAD_TOO_LARGE = 413;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;
    private static final String PREFIX = "urn:facestream:problem:";

    private static final Set<RejectReason> TOO_LARGE = Set.of(RejectReason.TOO_LARGE, RejectReason.TOO_MANY_PIXELS);

    static Problem of(String code, String title, int status, String detail) {
        return new Problem(PREFIX + code, title, status, detail);
    }

    /** The problem behind a failure; empty if it is a fault of ours. */
    public static Optional<Problem> behind(Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return behind(failure.getCause());
        }
        if (failure instanceof ProblemException known) {
            return Optional.of(known.problem());
        }
        if (failure instanceof RejectedException rejected) {
            return Optional.of(of(
                    rejected.reason().code(),
                    "The picture cannot be taken",
                    TOO_LARGE.contains(rejected.reason()) ? PAYLOAD_TOO_LARGE : 400,
                    rejected.getMessage()));
        }
        if (failure instanceof NoEmbeddingException none) {
            return Optional.of(
                    of("no-embedding", "The network makes nothing of a face", UNPROCESSABLE, none.getMessage()));
        }
        if (failure instanceof SQLException) {
            return Optional.of(of("no-database", "The database does not answer", UNAVAILABLE, null));
        }
        if (failure instanceof RejectedExecutionException) {
            return Optional.of(of("busy", "Too many pictures are waiting", UNAVAILABLE, null));
        }
        if (failure instanceof AuthenticationFailedException || failure instanceof UnauthorizedException) {
            return Optional.of(of(
                    "no-key",
                    "The request has no valid key",
                    401,
                    "send a key of `facestream keys add` in the header x-api-key"));
        }
        if (failure instanceof ForbiddenException) {
            return Optional.of(of("not-allowed", "The key does not allow this", 403, null));
        }
        if (failure instanceof WebApplicationException refused) {
            Response.StatusType status = refused.getResponse().getStatusInfo();
            return Optional.of(of("http", status.getReasonPhrase(), status.getStatusCode(), null));
        }
        return Optional.empty();
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
            case UNAVAILABLE -> response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
            case 401 -> response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"facestream\"");
            default -> response;
        };
    }
}
