package io.facestream.web;

import io.facestream.messaging.RejectedException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers failed requests with problems, or in the form that those of their path expect. */
@Singleton
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    private final Instance<FailureAnswer> forms;

    Problems(@Any Instance<FailureAnswer> forms) {
        this.forms = forms;
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
        return forms.stream()
                .flatMap(form -> form.of(problem).stream())
                .findFirst()
                .orElseGet(problem::response);
    }
}
