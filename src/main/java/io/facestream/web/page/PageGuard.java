package io.facestream.web.page;

import io.facestream.web.ApiPath;
import io.facestream.web.ProblemException;
import io.facestream.web.users.WebSession;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Refuses requests by which another site would change something with the reader's cookie: they have to come from this
 * site, and to bring what only a page of this session knows. The REST API takes no cookies.
 */
final class PageGuard {
    static final String FORM_TOKEN = "X-Form-Token";
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    @ServerRequestFilter
    void check(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath();
        if (SAFE.contains(request.getMethod()) || ApiPath.includes(path)) {
            return;
        }
        if (!isOfThisSite(request)) {
            throw refused("it does not come from this site");
        }
        Cookie session = request.getCookies()
                .get(WebSession.cookie(request.getUriInfo().getBaseUri().getScheme()));
        if (!path.equals(SignInResource.PATH)
                && (session == null
                        || !WebSession.formToken(session.getValue()).equals(request.getHeaderString(FORM_TOKEN)))) {
            throw refused("it does not come from a page of this session: load the page again");
        }
    }

    /** A page names people, so that whoever signs in after its reader does not find it in the browser. */
    @ServerResponseFilter
    void forget(ContainerResponseContext response) {
        if (response.getMediaType() != null && response.getMediaType().isCompatible(MediaType.TEXT_HTML_TYPE)) {
            response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
        }
    }

    /** As the browser says; all of them send one of the two headers with such requests. */
    private static boolean isOfThisSite(ContainerRequestContext request) {
        String site = request.getHeaderString("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin");
        }
        String origin = request.getHeaderString("Origin");
        try {
            return origin != null
                    && request.getUriInfo()
                            .getRequestUri()
                            .getRawAuthority()
                            .equals(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static ProblemException refused(String why) {
        return new ProblemException("cross-site", "The request is refused", 403, why);
    }
}
