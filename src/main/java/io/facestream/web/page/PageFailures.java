package io.facestream.web.page;

import io.facestream.web.ApiPath;
import io.facestream.web.FailureAnswer;
import io.facestream.web.Problem;
import io.facestream.web.Texts;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;

/** Leads whoever is not signed in to the form, and says everything else in words. */
@RequestScoped
class PageFailures implements FailureAnswer {
    private static final String HTMX = "HX-Request";

    private final Readers readers;
    private final HttpHeaders headers;
    private final UriInfo uri;

    PageFailures(Readers readers, HttpHeaders headers, UriInfo uri) {
        this.readers = readers;
        this.headers = headers;
        this.uri = uri;
    }

    @Override
    public Optional<Response> of(Problem problem) {
        if (ApiPath.includes(uri.getPath())) {
            return Optional.empty();
        }
        boolean isPart = headers.getHeaderString(HTMX) != null;
        if (problem.status() == 401) {
            return Optional.of(
                    isPart
                            ? Response.status(401)
                                    .header("HX-Redirect", SignInResource.PATH)
                                    .build()
                            : Pages.redirect(SignInResource.PATH + "?next=" + Texts.encoded(wanted()))
                                    .build());
        }
        Reader reader = readers.anybody();
        Response.ResponseBuilder answer = Problem.headers(Response.status(problem.status()), problem.status())
                .type(Pages.HTML);
        if (isPart) {
            answer.header("HX-Retarget", "#trouble").header("HX-Reswap", "innerHTML");
        }
        return Optional.of(answer.entity((isPart ? Pages.trouble(problem) : Pages.problem(reader, problem))
                        .setLocale(reader.locale())
                        .render())
                .build());
    }

    private String wanted() {
        String query = uri.getRequestUri().getRawQuery();
        return uri.getRequestUri().getRawPath() + (query == null ? "" : "?" + query);
    }
}
