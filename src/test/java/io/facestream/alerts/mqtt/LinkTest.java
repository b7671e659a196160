package io.facestream.alerts.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.facestream.embedded.RecordedLogs;
import io.facestream.embedded.TestCertificates;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private Link link;

    @AfterEach
    void end() {
        if (link != null) {
            link.close(null);
        }
        vertx.close();
    }

    private final Link.Listener listener = new Link.Listener() {
        @Override
        public void connected() {
            heard.add("connected");
        }

        @Override
        public void arrived(String topic, byte[] payload) {
            heard.add(topic + "=" + new String(payload, UTF_8));
        }

        @Override
        public void lost() {
            heard.add("lost");
        }
    };

    MqttBroker broker() {
        return new Moquette();
    }

    private Link open(String broker, String... settings) {
        MqttSettings checked = MqttSettings.of("home", TestMqttConfig.of(broker, settings), Optional.of(folder));
        link = new Link(checked, vertx, "facestream", "facestream/status", listener);
        link.open();
        return link;
    }

    private static void awaitConnected(Link link) {
        await().atMost(PATIENCE).until(link::isConnected);
    }

    private static void publish(Link link, String topic, String payload) throws Exception {
        link.publish(topic, payload.getBytes(UTF_8), true).get(1, TimeUnit.MINUTES);
    }

    @Test
    void aBrokerThatIsAwayAtTheStartIsFoundWhenItIsThereAndAgainAfterItWasKilled() throws Exception {
        try (MqttBroker broker = broker()) {
            open(broker.address());
            assertThatThrownBy(() -> publish(link, "a", "1"))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
            broker.start();
            awaitConnected(link);
            publish(link, "a", "1");

            broker.stop();
            await().atMost(PATIENCE).until(() -> !link.isConnected());
            broker.start();
            awaitConnected(link);

            try (Subscriber other = new Subscriber(broker.port())) {
                publish(link, "b", "2");
                await().atMost(PATIENCE).until(() -> "2".equals(other.latest("b")));
            }
            assertThat(heard).containsExactly("connected", "lost", "connected");
        }
    }

    @Test
    void whoListensHearsTheLastWillOfWhoeverIsCutOffAndNoneOfWhoeverSaidGoodbye() throws Exception {
        try (MqttBroker broker = broker().start();
                Subscriber other = new Subscriber(broker.port())) {
            open(broker.address());
            awaitConnected(link);
            publish(link, "facestream/status", "online");
            await().atMost(PATIENCE).until(() -> "online".equals(other.latest("facestream/status")));

            // the same client id: the broker closes the first connection
            Link first = link;
            Vertx another = Vertx.vertx();
            try {
                MqttSettings settings =
                        MqttSettings.of("home", TestMqttConfig.of(broker.address()), Optional.of(folder));
                Link second = new Link(settings, another, "facestream", "facestream/status", listener);
                second.open();
                await().atMost(PATIENCE).until(() -> "offline".equals(other.latest("facestream/status")));
                first.close(null);
                awaitConnected(second);
                publish(second, "facestream/status", "online");
                second.close("gone");
                await().atMost(PATIENCE).until(() -> "gone".equals(other.latest("facestream/status")));
            } finally {
                another.close();
            }
            assertThat(other.latest("facestream/status")).isEqualTo("gone");
        }
    }

    @Test
    void aWrongPasswordIsOneLineAndTheRightOneIsReadFromTheFileWhenItIsThere() throws Exception {
        Path secret = Files.writeString(folder.resolve("mqtt"), "user=facestream\npassword=wrong\n");
        try (MqttBroker broker =
                        broker().requiring("facestream", "p=\u00e4ss w\u00f6rd").start();
                RecordedLogs logs = new RecordedLogs()) {
            open(broker.address(), "secret", "mqtt");
            TimeUnit.SECONDS.sleep(5);
            assertThat(logs.warningsOf(Link.class)).hasSize(1);
            assertThat(logs.warningsOf(Link.class).get(0))
                    .contains("facestream.alerts.targets.home.mqtt: " + broker.address(), "refuses", "(see secret")
                    .doesNotContain("wrong");

            Files.writeString(secret, "user=facestream\npassword=p=\u00e4ss w\u00f6rd\n");

            awaitConnected(link);
        }
    }

    @Test
    void overTlsTheBrokerIsCheckedByTheGivenAuthoritiesAndByItsName() throws Exception {
        TestCertificates.make(folder);
        String ca = folder.resolve("ca.pem").toString();
        try (MqttBroker broker = broker().withTls(folder.resolve("server.p12"), TestCertificates.PASSWORD)
                .start()) {
            open("mqtts://localhost:" + broker.port(), "authorities", ca);
            awaitConnected(link);
            publish(link, "a", "1");
            link.close(null);

            try (RecordedLogs logs = new RecordedLogs()) {
                open("mqtts://localhost:" + broker.port());
                await().atMost(PATIENCE)
                        .until(() -> !logs.warningsOf(Link.class).isEmpty());
                assertThat(logs.warningsOf(Link.class).get(0)).contains("TLS fails", "authorities");
                link.close(null);
            }
        }
        try (MqttBroker broker = broker().withTls(folder.resolve("other-host.p12"), TestCertificates.PASSWORD)
                        .start();
                RecordedLogs logs = new RecordedLogs()) {
            open("mqtts://localhost:" + broker.port(), "authorities", ca);
            await().atMost(PATIENCE).until(() -> !logs.warningsOf(Link.class).isEmpty());
            assertThat(logs.warningsOf(Link.class).get(0)).contains("TLS fails").containsIgnoringCase("localhost");
            assertThat(link.isConnected()).isFalse();
        }
    }

    @Test
    void aServerThatSaysNothingIsGivenUpAndTriedAgain() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                RecordedLogs logs = new RecordedLogs()) {
            open("mqtt://127.0.0.1:" + silent.getLocalPort());

            await().atMost(PATIENCE).until(() -> !logs.warningsOf(Link.class).isEmpty());

            assertThat(logs.warningsOf(Link.class).get(0)).contains("no answer within 10 s");
        }
    }

    @Test
    void whatComesOfASubscriptionIsHeard() throws Exception {
        try (MqttBroker broker = broker().start();
                Subscriber other = new Subscriber(broker.port())) {
            other.publish("facestream/camera/lobby/present", "ON", true);
            open(broker.address());
            awaitConnected(link);

            link.subscribe("facestream/camera/+/+");

            await().atMost(PATIENCE).until(() -> heard.contains("facestream/camera/lobby/present=ON"));
        }
    }
}
