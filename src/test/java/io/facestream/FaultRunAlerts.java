package io.facestream;

import io.facestream.alerts.AlertReceiver;
import io.facestream.gallery.TestGallery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import javax.sql.DataSource;

/**
 * The receiver of a webhook that is told of every visit. Now and then it refuses, or takes an alert and never says so.
 */
final class FaultRunAlerts implements AutoCloseable {
    private static final int REFUSES_EACH = 7;
    private static final int HANGS_EACH = 11;

    /** Beyond the read timeout of a webhook. */
    private static final Duration HANGS = Duration.ofSeconds(12);

    private final AlertReceiver receiver = new AlertReceiver();
    private final AtomicInteger requests = new AtomicInteger();
    private final Map<String, Integer> timesByKey = new ConcurrentHashMap<>();
    private final Path secrets;

    /** @param secrets a folder for the secret */
    FaultRunAlerts(Path secrets) throws IOException {
        this.secrets = secrets;
        Files.writeString(secrets.resolve("receiver"), "a secret of a fault run, 24 bytes and more");
        receiver.behave(exchange -> {
            int number = requests.incrementAndGet();
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
        });
    }

    /** System properties of the role. */
    List<String> settings() {
        Map<String, String> settings = Map.of(
                "secrets", secrets.toString(),
                "targets.receiver.webhook.secret", "receiver",
                "targets.receiver.webhook.url", receiver.url("/"),
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
        Map<String, Integer> states = new TreeMap<>();
        query(database, "select state from facestream.alert_log")
                .forEach(state -> states.merge(state, 1, Integer::sum));
        return states;
    }

    private static List<String> query(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return TestGallery.query(connection, sql);
        }
    }

    /**
     * Whether each visit alerted, once for each whom it was taken for, and the receiver has what was sent.
     *
     * @param visits source and id of each
     */
    boolean report(Set<String> visits, DataSource database, BiConsumer<String, Object> line) throws SQLException {
        String sent = " from facestream.alert_log where state = 'sent'";
        Set<String> silent = new TreeSet<>(visits);
        silent.removeAll(new HashSet<>(query(database, "select source, sighting_id" + sent)));
        List<String> told = query(database, "select source, sighting_id, kind, coalesce(identity_id::text, '')" + sent);
        int doubled = told.size() - new HashSet<>(told).size();
        Set<String> lost = new TreeSet<>(query(database, "select id" + sent));
        lost.removeAll(timesByKey.keySet());
        Map<String, Integer> states = states(database);
        long again = timesByKey.values().stream().filter(times -> times > 1).count();
        line.accept("alerts by state; requests to the receiver", states + "; " + requests);
        line.accept("alerts that the receiver got again, with the same key", again);
        line.accept("VISITS WITHOUT AN ALERT", silent.size());
        line.accept("ALERTS LOST, DOUBLED", lost.size() + ", " + doubled);
        return silent.isEmpty()
                && lost.isEmpty()
                && doubled == 0
                && Set.of("sent", "cancelled").containsAll(states.keySet());
    }

    @Override
    public void close() {
        receiver.close();
    }
}
