package io.facestream.web;

import io.facestream.embeddings.NoEmbeddingException;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** Tells failures that a caller can do something about from faults of ours. */
public final class KnownFailures {
    private static final Set<RejectReason> TOO_LARGE = Set.of(RejectReason.TOO_LARGE, RejectReason.TOO_MANY_PIXELS);

    /**
     * Classes of SQLSTATE (PostgreSQL 17, appendix A): connection, read-only, authorization, rollback, resources,
     * objects in use, operator, system.
     */
    private static final Set<String> AWAY = Set.of("08", "25", "28", "40", "53", "55", "57", "58");

    private static final String DATA = "22";
    private static final int CLASS = 2;

    private KnownFailures() {}

    /** The problem behind a failure; empty if it is a fault of ours. */
    public static Optional<Problem> behind(Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return behind(failure.getCause());
        }
        if (failure instanceof ProblemException known) {
            return Optional.of(known.problem());
        }
        if (failure instanceof RejectedException rejected) {
            return Optional.of(Problem.of(
                    rejected.reason().code(),
                    "The picture cannot be taken",
                    TOO_LARGE.contains(rejected.reason()) ? Problem.PAYLOAD_TOO_LARGE : 400,
                    rejected.getMessage()));
        }
        if (failure instanceof NoEmbeddingException none) {
            return Optional.of(
                    Problem.of("no-embedding", "The network makes nothing of a face", 422, none.getMessage()));
        }
        if (failure instanceof SQLException refused) {
            return behind(refused);
        }
        if (failure instanceof RejectedExecutionException) {
            return Optional.of(Problem.of("busy", "Too many pictures are waiting", Problem.UNAVAILABLE, null));
        }
        if (failure instanceof AuthenticationFailedException || failure instanceof UnauthorizedException) {
            return Optional.of(Problem.of(
                    "no-key",
                    "The request has no valid key",
                    401,
                    "send a key of `facestream keys add` in the header x-api-key"));
        }
        if (failure instanceof ForbiddenException) {
            return Optional.of(Problem.of("not-allowed", "The key does not allow this", 403, null));
        }
        // So Jakarta REST calls a parameter that cannot be converted.
        if (failure instanceof NotFoundException missing && missing.getCause() != null) {
            return Optional.of(Problem.of("bad-parameter", "A parameter has no allowed value", 400, null));
        }
        if (failure instanceof WebApplicationException refused) {
            Response.StatusType status = refused.getResponse().getStatusInfo();
            return Optional.of(Problem.of("http", status.getReasonPhrase(), status.getStatusCode(), null));
        }
        return Optional.empty();
    }

    /** What the database refuses for a reason that is neither its state nor the caller's data is a fault of ours. */
    private static Optional<Problem> behind(SQLException refused) {
        String state = refused.getSQLState();
        if (state == null || AWAY.contains(state.substring(0, CLASS))) {
            return Optional.of(Problem.of("no-database", "The database does not answer", Problem.UNAVAILABLE, null));
        }
        return state.startsWith(DATA)
                ? Optional.of(Problem.of("bad-parameter", "The database takes no such value", 400, null))
                : Optional.empty();
    }
}
