package io.facestream.web;

import io.facestream.messaging.RejectedException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers failed requests with problems, and those of browsers with a page. */
@Singleton
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    private final FailurePage page;

    Problems(FailurePage page) {
        this.page = page;
    }

    // Named one by one, since Quarkus has mappers of its own for some of them.
    @ServerExceptionMapper({
        RuntimeException.class,
        RejectedException.class,
        SQLException.class,
        WebApplicationException.class,
        AuthenticationFailedException.class,
        UnauthorizedException.class,
        ForbiddenException.class
    })
    Response answer(Throwable failure) {
        Problem problem = KnownFailures.behind(failure).orElseGet(() -> {
            LOG.error("a request failed", failure);
            return Problem.fault();
        });
        return page.of(problem).orElseGet(problem::response);
    }
}
