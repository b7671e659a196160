package io.facestream.web.compreface;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Reads queries as CompreFace's JavaScript SDK 1.0.0 means them: without a {@code limit} it puts a question mark before
 * each option, so that the person of {@code ?subject=Ada?det_prob_threshold=0.8} would be named like that.
 */
final class SdkQuery {
    private static final Pattern OPTION =
            Pattern.compile("\\?(?=(det_prob_threshold|prediction_count|face_plugins|status)=)");

    @ServerRequestFilter(preMatching = true)
    void mend(ContainerRequestContext request) {
        URI uri = request.getUriInfo().getRequestUri();
        String query = uri.getRawQuery();
        if (query != null && ComprefaceFailures.isOfCompreFace(request.getUriInfo())) {
            String meant = OPTION.matcher(query).replaceAll("&");
            if (!meant.equals(query)) {
                request.setRequestUri(
                        UriBuilder.fromUri(uri).replaceQuery(meant).build());
            }
        }
    }
}
