package io.facestream.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** An HTTP server that takes alerts, or does not. A GET answers with the bodies of what came, a line each. */
public final class AlertReceiver implements AutoCloseable {
    /** Answers a request whose body has been read. */
    public interface Behaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    /** A request as it came; names of headers are in lower case. */
    public record Request(String path, Map<String, String> headers, String body) {}

    private final HttpServer server;
    private final boolean https;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour = exchange -> exchange.sendResponseHeaders(204, -1);

    /** On a port of this machine that is free. */
    public AlertReceiver() {
        this(0, null);
    }

    /** @param tls null for plain HTTP */
    public AlertReceiver(int port, SSLContext tls) {
        https = tls != null;
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            server = https ? HttpsServer.create(address, 0) : HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (server instanceof HttpsServer secure) {
            secure.setHttpsConfigurator(new HttpsConfigurator(tls));
        }
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
            if (exchange.getRequestMethod().equals("GET")) {
                byte[] bodies = requests.stream()
                        .map(Request::body)
                        .collect(Collectors.joining("\n"))
                        .getBytes(UTF_8);
                exchange.sendResponseHeaders(200, bodies.length == 0 ? -1 : bodies.length);
                exchange.getResponseBody().write(bodies);
                return;
            }
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            requests.add(new Request(exchange.getRequestURI().toString(), headers, body));
            behaviour.answer(exchange);
        }
    }

    public void behave(Behaviour now) {
        behaviour = now;
    }

    /** Answers with a status and headers in pairs. */
    public void answer(int status, String... headers) {
        behave(exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        });
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url(String path) {
        return (https ? "https" : "http") + "://localhost:" + port() + path;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
