package io.facestream.web;

import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Says in another form than a problem's why requests of some paths failed. */
public interface FailureAnswer {
    /** The answer; empty if the request's path is none of them. */
    Optional<Response> of(Problem problem);
}
