package io.facestream.alerts.delivery;

import io.facestream.alerts.outbox.Outbox;
import io.facestream.alerts.webhook.TestWebhooks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** A replica's deliveries to one webhook as a process of its own, to be killed. */
final class AlertReplica {
    private AlertReplica() {}

    /** @param arguments the database, its user and password, the webhook's address, and the folder of its secret */
    public static void main(String[] arguments) throws Exception {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(arguments[0]);
        database.setUser(arguments[1]);
        database.setPassword(arguments[2]);
        Deliveries deliveries = new Deliveries(
                new Outbox(database),
                new AlertMetrics(new SimpleMeterRegistry(), List.of("phone")),
                Duration.ofDays(7));
        deliveries.add(
                "phone",
                TestWebhooks.target("phone", arguments[3], Path.of(arguments[4]), Vertx.vertx()),
                new DeliverySettings(Duration.ofMinutes(2), 5, 100));
        deliveries.start();
        Thread.sleep(Duration.ofMinutes(5).toMillis());
    }
}
