package io.facestream.web.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** Where a provider gives new tokens for a refresh token (RFC 6749, section 6). */
final class TokenEndpoint {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;

    /** Of an answer. Tokens with hundreds of groups take tens of thousands. */
    private static final int MOST_BYTES = 1 << 20;

    private final HttpClient client;
    private final String credentials;
    private final Duration patience;

    /**
     * @param secret the client's, sent as Quarkus sends it with a code (RFC 6749, section 2.3.1)
     * @param patience for a connection, and for a whole answer
     */
    TokenEndpoint(Vertx vertx, String clientId, String secret, Duration patience) {
        int millis = (int) patience.toMillis();
        this.client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(millis));
        this.credentials = "Basic " + Base64.getEncoder().encodeToString((clientId + ':' + secret).getBytes(UTF_8));
        this.patience = patience;
    }

    /** @param body empty, or JSON */
    private record Answer(int status, Buffer body) {}

    /**
     * Asks for new tokens. They are not verified yet.
     *
     * @return empty if the provider refuses; fails with an {@link UncheckedIOException} or an exception of Vert.x if it
     *     does not answer in time, answers with more than {@value #MOST_BYTES} bytes, or has a problem of its own
     */
    Uni<Optional<SessionTokens>> renew(String url, SessionTokens tokens) {
        String form = "grant_type=refresh_token&refresh_token=" + URLEncoder.encode(tokens.refreshToken(), UTF_8);
        return Uni.createFrom()
                .completionStage(() -> client.request(new RequestOptions()
                                .setMethod(HttpMethod.POST)
                                .setAbsoluteURI(url)
                                .setTimeout(patience.toMillis()))
                        .compose(request -> send(request, form))
                        .toCompletionStage())
                .ifNoItem()
                .after(patience)
                .failWith(() -> new UncheckedIOException(new IOException("a session cannot be renewed in time")))
                .map(answer -> renewed(answer, tokens));
    }

    private Future<Answer> send(HttpClientRequest request, String form) {
        return request.putHeader("Authorization", credentials)
                .putHeader("Accept", "application/json")
                .putHeader("Content-Type", "application/x-www-form-urlencoded")
                .send(form)
                .compose(TokenEndpoint::read);
    }

    private static Future<Answer> read(HttpClientResponse response) {
        Promise<Answer> read = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(read::tryFail);
        response.endHandler(end -> read.tryComplete(new Answer(response.statusCode(), body)));
        response.handler(part -> {
            if (body.length() + part.length() <= MOST_BYTES) {
                body.appendBuffer(part);
            } else if (read.tryFail(notAsked(response.statusCode(), new IOException("the answer is too large")))) {
                response.request().reset();
            }
        });
        return read.future();
    }

    private static Optional<SessionTokens> renewed(Answer answer, SessionTokens before) {
        try {
            JsonObject said = answer.body().length() == 0 ? null : answer.body().toJsonObject();
            if (answer.status() == OK && said != null) {
                String refreshToken = said.getString("refresh_token");
                return Optional.ofNullable(said.getString("id_token"))
                        .map(id -> new SessionTokens(id, refreshToken == null ? before.refreshToken() : refreshToken));
            }
            // RFC 6749, section 5.2. Whatever else goes wrong says nothing about the session.
            boolean isRefused = answer.status() == BAD_REQUEST || answer.status() == UNAUTHORIZED;
            if (isRefused && said != null && "invalid_grant".equals(said.getString("error"))) {
                return Optional.empty();
            }
        } catch (DecodeException | ClassCastException e) {
            throw notAsked(answer.status(), e);
        }
        throw notAsked(answer.status(), null);
    }

    private static RuntimeException notAsked(int status, Exception cause) {
        return new UncheckedIOException(new IOException("a session cannot be renewed: HTTP status " + status, cause));
    }
}
