package io.facestream.web;

import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Shows a failed request to somebody with a browser. */
public interface FailurePage {
    /** The answer; empty if the request is a program's. */
    Optional<Response> of(Problem problem);
}
