package io.facestream.alerts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.alerts.AlertReceiver;
import io.facestream.alerts.Visits;
import io.facestream.alerts.outbox.AlertRules;
import io.facestream.alerts.outbox.AlertStore;
import io.facestream.alerts.outbox.Outbox;
import io.facestream.alerts.rules.TestRules;
import io.facestream.alerts.target.Alert;
import io.facestream.alerts.target.AlertTarget;
import io.facestream.alerts.target.DeliveryException;
import io.facestream.alerts.webhook.TestWebhooks;
import io.facestream.gallery.TestGallery;
import io.facestream.sightings.message.Sighting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Threads that deliver from a real outbox: to targets that hang, fail, refuse and come back. */
class DeliveriesTest {
    private static final TestGallery GALLERY = TestGallery.of(DeliveriesTest.class);
    private static final UUID ADA = new UUID(0, 0xada);
    private static final Duration MAX_AGE = Duration.ofMinutes(2);
    private static final DeliverySettings SETTINGS = new DeliverySettings(MAX_AGE, 3, 100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Deliveries> running = new ArrayList<>();
    private final Vertx vertx = Vertx.vertx();
    private AlertStore store;

    /** Fails as often as it is told, then takes what comes. */
    private static final class Recorder implements AlertTarget {
        private final List<String> taken = new CopyOnWriteArrayList<>();
        private final List<Integer> attempts = new CopyOnWriteArrayList<>();
        private volatile DeliveryException failure;
        private volatile CountDownLatch hangs;

        @Override
        public void deliver(Alert alert, Duration age, int attempt) throws DeliveryException, InterruptedException {
            attempts.add(attempt);
            if (hangs != null) {
                hangs.await();
            }
            if (failure != null) {
                throw failure;
            }
            taken.add(alert.sightingId());
        }
    }

    @BeforeEach
    void begin() throws SQLException {
        GALLERY.renew();
        GALLERY.execute("insert into facestream.identity (id, kind, name) values ('" + ADA + "', 'person', 'Ada')");
        store = new AlertStore(
                GALLERY.as("facestream_alerts"),
                new AlertRules(
                        List.of(TestRules.rule("all", "anybody", Duration.ZERO, "phone", "archive")),
                        Duration.ZERO,
                        Map.of("phone", MAX_AGE, "archive", MAX_AGE)));
    }

    @AfterEach
    void end() {
        // targets first: they end what runs on it
        running.forEach(Deliveries::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Deliveries deliveries(AlertTarget phone, AlertTarget archive) throws SQLException {
        Deliveries deliveries = new Deliveries(
                new Outbox(GALLERY.as("facestream_alerts")),
                new AlertMetrics(registry, List.of("phone", "archive")),
                Duration.ofDays(7));
        deliveries.add("phone", phone, SETTINGS);
        deliveries.add("archive", archive, SETTINGS);
        deliveries.start();
        running.add(deliveries);
        return deliveries;
    }

    private void visits(int count) throws SQLException {
        List<Sighting> messages = new ArrayList<>();
        for (int visit = 0; visit < count; visit++) {
            messages.add(
                    Visits.message("door", UUID.randomUUID() + "#0", 1, Sighting.Change.APPEARED, ADA, Instant.now()));
        }
        store.store(messages);
    }

    private static List<String> states(String target) throws SQLException {
        return GALLERY.query("select state || ' ' || attempts || ' ' || coalesce(failure, '-')"
                + " from facestream.alert_log where target = '" + target + "'");
    }

    private double count(String name, String... tags) {
        return registry.get("facestream.alerts." + name).tags(tags).counter().count();
    }

    @Test
    void aTargetThatHangsDelaysNoOtherAndItsAlertIsGivenBackWhenTheProcessEnds() throws Exception {
        Recorder hanging = new Recorder();
        hanging.hangs = new CountDownLatch(1);
        Recorder other = new Recorder();
        Deliveries deliveries = deliveries(hanging, other);

        visits(20);
        deliveries.wake();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(other.taken).hasSize(20));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(hanging.attempts).hasSize(1));
        assertThat(deliveries.sinceLastGoodStep()).isLessThan(Duration.ofSeconds(10));
        assertThat(registry.get("facestream.alerts.waiting")
                        .tag("target", "phone")
                        .gauge()
                        .value())
                .isEqualTo(20);
        deliveries.close();
        running.clear();
        assertThat(states("phone")).hasSize(20).containsOnly("waiting 0 -");

        Recorder back = new Recorder();
        deliveries(back, other);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(back.taken).hasSize(20));
        assertThat(other.taken).hasSize(20);
        assertThat(count("sent", "target", "archive")).isEqualTo(20);
    }

    @Test
    void aTargetThatComesBackGetsWhatItMissedAndOneThatRefusesIsNotAskedAgain() throws Exception {
        Recorder phone = new Recorder();
        phone.failure = DeliveryException.retryable("answers 503", null);
        Recorder archive = new Recorder();
        archive.failure = DeliveryException.refused("answers 410");
        Deliveries deliveries = deliveries(phone, archive);

        visits(1);
        deliveries.wake();

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(states("phone")).containsExactly("waiting 1 answers 503");
            assertThat(states("archive")).containsExactly("failed 1 answers 410");
        });
        phone.failure = null;
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(states("phone")).containsExactly("sent 2 -"));
        assertThat(phone.attempts).containsExactly(1, 2);
        assertThat(count("failed.tries", "target", "phone")).isEqualTo(1);
        assertThat(count("left", "target", "archive", "state", "failed")).isEqualTo(1);
    }

    @Test
    void anAlertIsTriedSoOftenAndNoMore() throws Exception {
        Recorder phone = new Recorder();
        phone.failure = DeliveryException.retryable("answers 500", null);
        Deliveries deliveries = deliveries(phone, new Recorder());

        visits(1);
        deliveries.wake();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(states("phone")).containsExactly("failed 3 answers 500"));
        assertThat(phone.attempts).containsExactly(1, 2, 3);
    }

    @Test
    void whatAKilledReplicaWasDeliveringIsDeliveredByAnotherWithTheSameKey() throws Exception {
        Files.writeString(folder.resolve("hook"), "a-secret-of-tests-and-of-nothing-else");
        try (AlertReceiver receiver = new AlertReceiver()) {
            CountDownLatch never = new CountDownLatch(1);
            receiver.behave(exchange -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Process replica = replica(receiver.url("/"));
            try {
                visits(1);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(receiver.requests()).hasSize(1));
            } finally {
                replica.destroyForcibly().waitFor();
            }
            receiver.answer(204);
            Recorder archive = new Recorder();
            deliveries(TestWebhooks.target("phone", receiver.url("/"), folder, vertx), archive);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(archive.taken).hasSize(1));
            assertThat(receiver.requests()).as("the lease is not over").hasSize(1);

            GALLERY.execute("update facestream.alert_outbox set leased_until = leased_until - interval '45 s'");

            await().atMost(PATIENCE)
                    // the second, or one after it where the machine is too slow for the receiver's patience
                    .untilAsserted(() -> assertThat(states("phone"))
                            .singleElement()
                            .asString()
                            .matches("sent [2-9] -"));
            assertThat(receiver.requests())
                    .hasSizeGreaterThanOrEqualTo(2)
                    .extracting(request -> request.headers().get("idempotency-key"))
                    .containsOnly(receiver.requests().get(0).headers().get("webhook-id"));
            assertThat(receiver.requests().get(1).body())
                    .isEqualTo(receiver.requests().get(0).body());
        }
    }

    private Process replica(String url) throws Exception {
        PGSimpleDataSource database = (PGSimpleDataSource) GALLERY.as("facestream_alerts");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AlertReplica.class.getName(),
                        database.getURL(),
                        database.getUser(),
                        database.getPassword(),
                        url,
                        folder.toString())
                .inheritIO()
                .start();
    }

    @Test
    void pausesDoubleUpToFiveMinutesAndAreNeverShorterThanTheOtherSideAsks() {
        Random random = new Random(1);
        for (int attempt = 1; attempt < 200; attempt++) {
            long doubled = attempt > 9 ? 300_000 : Math.min(300_000, 1000L << (attempt - 1));
            assertThat(Pauses.after(attempt, Optional.empty(), random).toMillis())
                    .isBetween(doubled / 2, doubled);
        }
        assertThat(Pauses.after(1, Optional.of(Duration.ofMinutes(10)), random)).isEqualTo(Duration.ofMinutes(10));
        assertThat(Pauses.after(1, Optional.of(Duration.ofDays(10)), random)).isEqualTo(Duration.ofHours(1));
        assertThat(Pauses.after(1, Optional.of(Duration.ZERO), random)).isGreaterThanOrEqualTo(Duration.ofMillis(500));
    }
}
