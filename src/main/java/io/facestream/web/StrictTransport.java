package io.facestream.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Tells browsers that came by TLS to come by nothing else for a year (RFC 6797). */
@ApplicationScoped
class StrictTransport {
    /** Before requests are refused. */
    private static final int FIRST = 1_001;

    private static final String YEAR = "max-age=31536000";

    void register(@Observes Filters filters) {
        filters.register(StrictTransport::tell, FIRST);
    }

    private static void tell(RoutingContext context) {
        if ("https".equals(context.request().scheme())) {
            context.response().putHeader("Strict-Transport-Security", YEAR);
        }
        context.next();
    }
}
