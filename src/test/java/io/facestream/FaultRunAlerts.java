package io.facestream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * The receiver of a webhook that is told of every visit. Now and then it refuses, or takes an alert and never says so.
 */
final class FaultRunAlerts implements AutoCloseable {
    private static final int REFUSES_EACH = 7;
    private static final int HANGS_EACH = 11;

    /** Beyond the read timeout of a webhook. */
    private static final Duration HANGS = Duration.ofSeconds(12);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger requests = new AtomicInteger();
    private final Map<String, Integer> timesByKey = new ConcurrentHashMap<>();

    FaultRunAlerts() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.setExecutor(threads);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        int number = requests.incrementAndGet();
        exchange.getRequestBody().readAllBytes();
        boolean refused = number % REFUSES_EACH == 0;
        if (!refused) {
            timesByKey.merge(exchange.getRequestHeaders().getFirst("Idempotency-Key"), 1, Integer::sum);
        }
        if (number % HANGS_EACH == 0) {
            try {
                Thread.sleep(HANGS.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        exchange.sendResponseHeaders(refused ? 503 : 204, -1);
        exchange.close();
    }

    /**
     * System properties of the role.
     *
     * @param secrets a folder that is there
     */
    List<String> settings(Path secrets) throws IOException {
        Files.writeString(secrets.resolve("receiver"), "a secret of a fault run, 24 bytes and more");
        Map<String, String> settings = Map.of(
                "secrets", secrets.toString(),
                "targets.receiver.webhook.secret", "receiver",
                "targets.receiver.webhook.url",
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/",
                "targets.receiver.webhook.allow-private-networks", "true",
                "rules.all.who", "anybody",
                "rules.all.target", "receiver",
                "max-age", "P1D");
        return settings.entrySet().stream()
                .map(each -> "-Dfacestream.alerts." + each.getKey() + "=" + each.getValue())
                .toList();
    }

    /** Waits until no alert waits. */
    void follow(DataSource database, Duration most) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (states(database).containsKey("waiting") && System.nanoTime() < deadline) {
            Thread.sleep(1_000);
        }
    }

    private static Map<String, Integer> states(DataSource database) throws SQLException {
        Map<String, Integer> states = new HashMap<>();
        try (Connection connection = database.getConnection();
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("select state, count(*) from facestream.alert_log group by state")) {
            while (rows.next()) {
                states.put(rows.getString(1), rows.getInt(2));
            }
        }
        return states;
    }

    /**
     * Whether each visit alerted, once for each whom it was taken for, and the receiver has what was sent.
     *
     * @param visits source and id of each
     */
    boolean report(Set<String> visits, DataSource database, BiConsumer<String, Object> line) throws SQLException {
        Set<String> silent = new TreeSet<>(visits);
        Set<String> sent = new TreeSet<>();
        Set<String> once = new TreeSet<>();
        int doubled = 0;
        try (Connection connection = database.getConnection();
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("select source || ' ' || sighting_id, id, kind || coalesce(identity_id::text, '')"
                                + " from facestream.alert_log where state = 'sent'")) {
            while (rows.next()) {
                silent.remove(rows.getString(1));
                sent.add(rows.getString(2));
                doubled += once.add(rows.getString(1) + " " + rows.getString(3)) ? 0 : 1;
            }
        }
        Set<String> lost = sent.stream()
                .filter(key -> !timesByKey.containsKey(key))
                .collect(Collectors.toCollection(TreeSet::new));
        Map<String, Integer> states = states(database);
        long again = timesByKey.values().stream().filter(times -> times > 1).count();
        line.accept("alerts by state; requests to the receiver", states + "; " + requests);
        line.accept("alerts that the receiver got again, with the same key", again);
        line.accept("VISITS WITHOUT AN ALERT", silent.size());
        line.accept("ALERTS LOST, DOUBLED", lost.size() + ", " + doubled);
        Set<String> others = new TreeSet<>(states.keySet());
        others.removeAll(Set.of("sent", "cancelled"));
        return silent.isEmpty() && lost.isEmpty() && doubled == 0 && others.isEmpty();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
