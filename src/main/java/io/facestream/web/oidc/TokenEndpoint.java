package io.facestream.web.oidc;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/** Where a provider gives new tokens for a refresh token (RFC 6749, section 6). */
final class TokenEndpoint {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;

    private final WebClient client;
    private final String clientId;
    private final String secret;
    private final Duration patience;

    /** @param secret the client's, sent as Quarkus sends it with a code (RFC 6749, section 2.3.1) */
    TokenEndpoint(Vertx vertx, String clientId, String secret, Duration patience) {
        this.client = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setFollowRedirects(false)
                        .setConnectTimeout((int) patience.toMillis())
                        .setUserAgentEnabled(false));
        this.clientId = clientId;
        this.secret = secret;
        this.patience = patience;
    }

    /**
     * Asks for new tokens. They are not verified yet.
     *
     * @return empty if the provider refuses; fails with an {@link UncheckedIOException} or an exception of Vert.x if it
     *     does not answer, or has a problem of its own
     */
    Uni<Optional<SessionTokens>> renew(String url, SessionTokens tokens) {
        MultiMap form = MultiMap.caseInsensitiveMultiMap()
                .add("grant_type", "refresh_token")
                .add("refresh_token", tokens.refreshToken());
        return Uni.createFrom()
                .completionStage(() -> client.postAbs(url)
                        .basicAuthentication(clientId, secret)
                        .putHeader("Accept", "application/json")
                        .timeout(patience.toMillis())
                        .sendForm(form)
                        .toCompletionStage())
                .map(answer -> renewed(answer, tokens));
    }

    private static Optional<SessionTokens> renewed(HttpResponse<Buffer> answer, SessionTokens before) {
        try {
            JsonObject said = answer.bodyAsJsonObject();
            if (answer.statusCode() == OK && said != null) {
                String refreshToken = said.getString("refresh_token");
                return Optional.ofNullable(said.getString("id_token"))
                        .map(id -> new SessionTokens(id, refreshToken == null ? before.refreshToken() : refreshToken));
            }
            // RFC 6749, section 5.2. Whatever else goes wrong says nothing about the session.
            boolean isRefused = answer.statusCode() == BAD_REQUEST || answer.statusCode() == UNAUTHORIZED;
            if (isRefused && said != null && "invalid_grant".equals(said.getString("error"))) {
                return Optional.empty();
            }
        } catch (DecodeException | ClassCastException e) {
            throw notAsked(answer, e);
        }
        throw notAsked(answer, null);
    }

    private static RuntimeException notAsked(HttpResponse<Buffer> answer, RuntimeException cause) {
        return new UncheckedIOException(
                new IOException("a session cannot be renewed: HTTP status " + answer.statusCode(), cause));
    }
}
