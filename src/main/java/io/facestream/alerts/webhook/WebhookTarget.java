package io.facestream.alerts.webhook;

import io.facestream.alerts.target.Alert;
import io.facestream.alerts.target.AlertTarget;
import io.facestream.alerts.target.DeliveryException;
import io.facestream.messaging.Json;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts alerts as CloudEvents in binary mode. Each alert has a connection of its own, to an address that was checked:
 * the name is looked up here, so that nothing can answer something else in between. Redirects are not followed.
 */
public final class WebhookTarget implements AlertTarget {
    /** RFC 9110 and 6585: a server that is busy, or does not want this yet. Servers' own failures are retried too. */
    private static final Set<Integer> BUSY = Set.of(408, 425, 429);

    /** Of the addresses of a name, so many are tried: a look-up, two connections and an answer end in 30 s. */
    private static final int MOST_ADDRESSES = 2;

    /** An answer's content is not of interest; a server that sends this much is let finish. */
    private static final int MOST_CONTENT = 64 << 10;

    private final String name;
    private final WebhookAddress address;
    private final WebhookConfig config;
    private final Signature signature;
    private final HttpClient client;
    private final Lookup lookup;

    /** Java waits for a name server as long as the system does. A thread that hangs there is of one target only. */
    private final ExecutorService lookups;

    /** Finds the addresses of a host. */
    interface Lookup {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    /**
     * @param name of the target
     * @param secrets the folder of secrets
     * @throws IllegalArgumentException in one line, if the settings are wrong
     */
    public WebhookTarget(String name, WebhookConfig config, Optional<Path> secrets, Vertx vertx) {
        this(name, config, secrets, vertx, InetAddress::getAllByName);
    }

    WebhookTarget(String name, WebhookConfig config, Optional<Path> secrets, Vertx vertx, Lookup lookup) {
        String prefix = "facestream.alerts.targets." + name + ".webhook.";
        try {
            this.address = WebhookAddress.of(config.url());
            this.signature = new Signature(secrets, config.secret());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(prefix + e.getMessage(), e);
        }
        if (!address.https() && !config.allowPrivateNetworks()) {
            throw new IllegalArgumentException(prefix + "url is http, which is for private networks: make it https, or"
                    + " set allow-private-networks");
        }
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(address.https())
                .setVerifyHost(true)
                .setTrustAll(false)
                .setKeepAlive(false)
                .setConnectTimeout(Math.toIntExact(config.connectTimeout().toMillis()));
        config.authorities()
                .ifPresent(file ->
                        options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(read(prefix, file)))));
        this.name = name;
        this.config = config;
        this.client = vertx.createHttpClient(options);
        this.lookup = lookup;
        this.lookups = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "alerts-lookup-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    private static byte[] read(String prefix, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(prefix + "authorities=" + file + " cannot be read", e);
        }
    }

    @Override
    public void deliver(Alert alert, Duration age, int attempt) throws DeliveryException, InterruptedException {
        RequestOptions request = request(alert);
        byte[] body = Json.write(alert);
        sign(request, alert.alertId(), body);
        DeliveryException failure = null;
        for (InetAddress candidate : addresses()) {
            request.setServer(SocketAddress.inetSocketAddress(address.port(), candidate.getHostAddress()));
            try {
                judge(post(connect(request), body));
                return;
            } catch (NoConnection e) {
                failure = DeliveryException.retryable(e.getMessage(), e);
            }
        }
        throw failure;
    }

    private RequestOptions request(Alert alert) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(address.host())
                .setPort(address.port())
                .setSsl(address.https())
                .setURI(address.uri())
                .setFollowRedirects(false)
                .putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", "facestream")
                .putHeader("Idempotency-Key", alert.alertId())
                .putHeader("ce-specversion", "1.0")
                .putHeader("ce-id", alert.alertId())
                .putHeader("ce-type", Alert.TYPE)
                .putHeader("ce-source", HeaderText.of(alert.source()))
                .putHeader("ce-subject", HeaderText.of(alert.camera()))
                .putHeader("ce-time", alert.lastSeen().toString());
        // Vert.x writes such a host without brackets, which no server has to take.
        return address.isIpv6() ? request.putHeader("Host", address.authority()) : request;
    }

    private void sign(RequestOptions request, String id, byte[] body) throws DeliveryException {
        long timestamp = Instant.now().getEpochSecond();
        try {
            request.putHeader("webhook-id", id)
                    .putHeader("webhook-timestamp", Long.toString(timestamp))
                    .putHeader("webhook-signature", signature.of(id, timestamp, body));
        } catch (IOException e) {
            throw DeliveryException.retryable(e.getMessage(), e);
        }
    }

    /** The addresses of the host that may be connected to. */
    private List<InetAddress> addresses() throws DeliveryException, InterruptedException {
        Future<InetAddress[]> found = lookups.submit(() -> lookup.of(address.host()));
        InetAddress[] all;
        try {
            all = found.get(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw DeliveryException.retryable(address + ": there is no such host", e);
        } catch (TimeoutException e) {
            found.cancel(true);
            throw DeliveryException.retryable(
                    address + ": its address is not found within "
                            + config.connectTimeout().toMillis() + " ms",
                    e);
        }
        List<InetAddress> allowed = new ArrayList<>();
        String refusal = "";
        for (InetAddress one : all) {
            Optional<String> why = Networks.refusal(one, config.allowPrivateNetworks(), address.https());
            if (why.isEmpty()) {
                allowed.add(one);
            } else {
                refusal = address + " is at " + one.getHostAddress() + ": " + why.get();
            }
        }
        if (allowed.isEmpty()) {
            throw DeliveryException.retryable(refusal, null);
        }
        return allowed.subList(0, Math.min(MOST_ADDRESSES, allowed.size()));
    }

    /** Nothing was sent. */
    private static final class NoConnection extends Exception {
        private static final long serialVersionUID = 1L;

        NoConnection(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private HttpClientRequest connect(RequestOptions options) throws NoConnection, InterruptedException {
        CompletableFuture<HttpClientRequest> connecting =
                client.request(options).toCompletionStage().toCompletableFuture();
        Duration patience = config.connectTimeout();
        try {
            return connecting.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new NoConnection(address + ": no connection within " + patience.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new NoConnection(address + ": " + oneLine(e.getCause()), e);
        } finally {
            if (!connecting.isDone()) {
                // It may be there later, and is not wanted then.
                connecting.thenAccept(request -> quiet(request).reset());
            }
        }
    }

    /** The head of the answer, after its content has come and gone. */
    private HttpClientResponse post(HttpClientRequest request, byte[] body)
            throws DeliveryException, InterruptedException {
        CompletableFuture<HttpClientResponse> head = new CompletableFuture<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        // Before anything is sent: an answer that has ended takes no handlers any more, and would never be seen.
        quiet(request).response().onFailure(head::completeExceptionally).onSuccess(response -> {
            discard(response, end);
            head.complete(response);
        });
        request.send(Buffer.buffer(body));
        long deadline = System.nanoTime() + config.readTimeout().toNanos();
        try {
            HttpClientResponse response = head.get(config.readTimeout().toMillis(), TimeUnit.MILLISECONDS);
            try {
                end.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | TimeoutException e) {
                // The status is what counts, and it is there.
                request.reset();
            }
            return response;
        } catch (TimeoutException e) {
            request.reset();
            throw DeliveryException.retryable(
                    address + ": no answer within " + config.readTimeout().toMillis() + " ms", e);
        } catch (InterruptedException e) {
            request.reset();
            throw e;
        } catch (ExecutionException e) {
            throw DeliveryException.retryable(address + ": " + oneLine(e.getCause()), e);
        }
    }

    /** What fails is told by futures, too; without this, Vert.x would log it. */
    private static HttpClientRequest quiet(HttpClientRequest request) {
        request.exceptionHandler(failure -> {});
        request.connection().exceptionHandler(failure -> {});
        return request;
    }

    private static void discard(HttpClientResponse response, CompletableFuture<Void> end) {
        int[] read = {0};
        response.exceptionHandler(end::completeExceptionally)
                .endHandler(end::complete)
                .handler(part -> {
                    read[0] += part.length();
                    if (read[0] > MOST_CONTENT) {
                        end.completeExceptionally(new IOException("a long answer"));
                    }
                });
    }

    private void judge(HttpClientResponse response) throws DeliveryException {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return;
        }
        String what = address + " answers " + status;
        if (BUSY.contains(status) || status >= 500) {
            Optional<Duration> pause = RetryAfter.of(response.getHeader("Retry-After"), Instant.now());
            throw pause.isPresent()
                    ? DeliveryException.retryableAfter(pause.get(), what)
                    : DeliveryException.retryable(what, null);
        }
        throw DeliveryException.refused(
                status >= 300 && status < 400 ? what + ", a redirect, which is not followed" : what);
    }

    private static String oneLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        lookups.shutdownNow();
        client.close().onFailure(failure -> {});
    }

    @Override
    public String toString() {
        return name + " (" + address + ")";
    }
}
