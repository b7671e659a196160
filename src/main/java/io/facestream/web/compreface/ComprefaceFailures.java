package io.facestream.web.compreface;

import io.facestream.web.FailureAnswer;
import io.facestream.web.Problem;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;

/** Says in CompreFace's words why a request of its API failed. */
@RequestScoped
class ComprefaceFailures implements FailureAnswer {
    private static final List<String> PATHS =
            List.of("/api/v1/recognition/", "/api/v1/detection/", "/api/v1/verification/");

    private final UriInfo uri;

    ComprefaceFailures(UriInfo uri) {
        this.uri = uri;
    }

    @Override
    public Optional<Response> of(Problem problem) {
        return isOfCompreFace(uri) ? Optional.of(ComprefaceError.of(problem)) : Optional.empty();
    }

    /** Whether a request's path is of CompreFace's API. */
    static boolean isOfCompreFace(UriInfo uri) {
        return PATHS.stream().anyMatch(uri.getPath()::startsWith);
    }
}
