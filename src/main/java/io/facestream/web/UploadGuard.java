package io.facestream.web;

import static jakarta.ws.rs.core.HttpHeaders.CONTENT_LENGTH;
import static jakarta.ws.rs.core.HttpHeaders.CONTENT_TYPE;
import static jakarta.ws.rs.core.HttpHeaders.RETRY_AFTER;

import io.facestream.frames.PictureBounds;
import io.facestream.messaging.Json;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Bounds what requests bring, before a byte of a body is read: the size of each, the sum of all, and the time that one
 * may take.
 */
@ApplicationScoped
public class UploadGuard {
    /** Two pictures in base64, and what is around them. */
    private static final int PICTURES = 3;

    /** Before everything else. */
    private static final int FIRST = 1_000;

    /** After all other filters of requests. */
    private static final int LAST = 10_000;

    private static final int TIMEOUT = 408;

    /** Of HTTP/2 (RFC 9113, section 7). */
    private static final long CANCEL = 8;

    private static final Set<HttpMethod> WITHOUT_BODY = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Vertx vertx;
    private final long timeoutMillis;
    private final long largest;
    private final int budget;
    private final AtomicInteger underWay = new AtomicInteger();

    UploadGuard(Vertx vertx, WebConfig config, PictureBounds bounds) {
        this.vertx = vertx;
        this.timeoutMillis = config.uploadTimeout().toMillis();
        this.largest = (long) PICTURES * bounds.maxBytes();
        this.budget = config.uploadBytes();
        if (config.enabled() && largest > budget) {
            throw new IllegalArgumentException("facestream.web.upload-bytes=" + budget + " is less than one request may"
                    + " bring: set it to " + largest + " or more, or lower facestream.pictures.max-bytes");
        }
    }

    void register(@Observes Filters filters) {
        filters.register(this::guard, FIRST);
    }

    private void guard(RoutingContext context) {
        if (WITHOUT_BODY.contains(context.request().method())) {
            context.next();
            return;
        }
        long size = size(context.request());
        if (size > largest) {
            end(
                    context,
                    Problem.of(
                            "too-large",
                            "The request is too large",
                            Problem.PAYLOAD_TOO_LARGE,
                            size + " bytes, more than the " + largest + " allowed"));
        } else if (take((int) size)) {
            context.addEndHandler(ended -> underWay.addAndGet((int) -size));
            context.next();
        } else {
            end(context, Problem.of("busy", "Too many bytes are under way", 503, null));
        }
    }

    /**
     * Lets the time of a body begin when it is going to be read. Until then a database that does not say whose key it
     * is holds the request up, not the client.
     */
    @ServerRequestFilter(priority = LAST)
    public void time(RoutingContext context) {
        if (!WITHOUT_BODY.contains(context.request().method())) {
            long timer = vertx.setTimer(timeoutMillis, late -> stop(context));
            context.addEndHandler(ended -> vertx.cancelTimer(timer));
        }
    }

    /** As announced; the largest that is allowed if it is not. */
    private long size(HttpServerRequest request) {
        String announced = request.getHeader(CONTENT_LENGTH);
        if (announced != null) {
            // Vert.x has refused what is no number.
            return Long.parseLong(announced);
        }
        // RFC 9112, section 6.3: such a request of HTTP/1.1 has no body, as most that delete something.
        boolean bodiless = request.version() != HttpVersion.HTTP_2 && request.getHeader("Transfer-Encoding") == null;
        return bodiless ? 0 : largest;
    }

    private boolean take(int size) {
        int before = underWay.getAndUpdate(sum -> sum + size <= budget ? sum + size : sum);
        return before + size <= budget;
    }

    private void stop(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!request.isEnded()) {
            // Whoever reads the body learns of no end, which may still come: what is answered is not done any more.
            request.handler(dropped -> {}).endHandler(ended -> {});
            end(context, Problem.of("too-slow", "The request did not arrive in time", TIMEOUT, null));
        }
    }

    /** Answers at once. What comes of the body is read by nobody. */
    private void end(RoutingContext context, Problem problem) {
        HttpServerResponse response = context.response();
        if (response.ended()) {
            return;
        }
        boolean shared = context.request().version() == HttpVersion.HTTP_2;
        if (problem.status() == 503) {
            response.putHeader(RETRY_AFTER, Problem.RETRY_AFTER_SECONDS);
        }
        if (!shared) {
            response.putHeader("Connection", "close");
        }
        response.setStatusCode(problem.status())
                .putHeader(CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(Buffer.buffer(Json.write(problem)))
                .onComplete(sent -> {
                    if (shared) {
                        drop(context);
                    } else {
                        context.request().connection().close();
                    }
                });
    }

    /**
     * Other requests go on on a connection of HTTP/2, and some clients read an answer only when they have sent all:
     * what comes is dropped, for as long as a body may take.
     */
    private void drop(RoutingContext context) {
        context.request().handler(dropped -> {}).resume();
        vertx.setTimer(timeoutMillis, late -> {
            if (!context.request().isEnded()) {
                context.response().reset(CANCEL);
            }
        });
    }
}
