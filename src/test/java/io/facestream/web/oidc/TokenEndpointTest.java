package io.facestream.web.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a provider answers when it is asked for new tokens. */
class TokenEndpointTest {
    private static final SessionTokens BEFORE = new SessionTokens("id-1", "refresh+1/=&");

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        threads.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void answer(int status, byte[] body) {
        server.createContext("/token", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private Optional<SessionTokens> renew() {
        return renew(Duration.ofSeconds(30));
    }

    private Optional<SessionTokens> renew(Duration patience) {
        TokenEndpoint endpoint = new TokenEndpoint(vertx, "facestream", "se:cret", patience);
        return endpoint.renew("http://localhost:" + server.getAddress().getPort() + "/token", BEFORE)
                .await()
                .indefinitely();
    }

    @Test
    void theClientIsAuthenticatedAndTheTokenIsEncoded() {
        AtomicReference<String> asked = new AtomicReference<>();
        server.createContext("/token", exchange -> {
            asked.set(exchange.getRequestMethod()
                    + ' '
                    + exchange.getRequestHeaders().getFirst("Authorization")
                    + ' '
                    + exchange.getRequestHeaders().getFirst("Content-Type")
                    + ' '
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            byte[] body = "{\"id_token\": \"id-2\"}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });

        assertThat(renew()).contains(new SessionTokens("id-2", BEFORE.refreshToken()));
        assertThat(asked)
                .hasValue("POST Basic "
                        + Base64.getEncoder().encodeToString("facestream:se:cret".getBytes(US_ASCII))
                        + " application/x-www-form-urlencoded grant_type=refresh_token"
                        + "&refresh_token=refresh%2B1%2F%3D%26");
    }

    @Test
    void aNewRefreshTokenReplacesTheOneBefore() {
        answer(200, "{\"id_token\": \"id-2\", \"refresh_token\": \"refresh-2\"}".getBytes(UTF_8));

        assertThat(renew()).contains(new SessionTokens("id-2", "refresh-2"));
    }

    @ParameterizedTest
    @CsvSource({"400, {\"error\": \"invalid_grant\"}", "401, {\"error\": \"invalid_grant\"}", "200, {}"})
    void whatIsRefusedIsEmpty(int status, String body) {
        answer(status, body.getBytes(UTF_8));

        assertThat(renew()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "400, {\"error\": \"invalid_client\"}",
        "500, {\"error\": \"invalid_grant\"}",
        "302, ''",
        "200, ''",
        "200, <html>",
        "200, []"
    })
    void anythingElseSaysNothingOfTheSession(int status, String body) {
        answer(status, body.getBytes(UTF_8));

        assertThatThrownBy(this::renew)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("HTTP status " + status);
    }

    @Test
    void anAnswerOfMoreThanAMebibyteIsNotRead() {
        answer(200, ("{\"id_token\": \"" + "x".repeat(2 << 20) + "\"}").getBytes(US_ASCII));

        assertThatThrownBy(this::renew)
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("the answer is too large");
    }

    @Test
    void anAnswerThatDoesNotEndIsWaitedForNoLongerThanOneThatDoesNotBegin() {
        CountDownLatch end = new CountDownLatch(1);
        server.createContext("/token", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("{".getBytes(US_ASCII));
            exchange.getResponseBody().flush();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThatThrownBy(() -> renew(Duration.ofSeconds(1)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("in time");
        end.countDown();
    }
}
