package io.facestream.alerts.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.facestream.alerts.AlertReceiver;
import io.facestream.alerts.Visits;
import io.facestream.alerts.target.Alert;
import io.facestream.alerts.target.DeliveryException;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import io.vertx.core.Vertx;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks to real servers: good ones, those that fail, hang or lie, and those that must not be reached. */
class WebhookTargetTest {
    private static final String SECRET = "the-first-secret-of-a-test-0001";
    private static Vertx vertx;

    @TempDir
    private Path folder;

    private AlertReceiver receiver;
    private Settings settings;

    /** Settings of a webhook in a private network. */
    private static final class Settings implements WebhookConfig {
        private String url;
        private boolean allowPrivateNetworks = true;
        private Optional<Path> authorities = Optional.empty();
        /** Longer than a busy machine stands still. */
        private Duration patience = Duration.ofSeconds(30);

        @Override
        public String url() {
            return url;
        }

        @Override
        public String secret() {
            return "hook";
        }

        @Override
        public boolean allowPrivateNetworks() {
            return allowPrivateNetworks;
        }

        @Override
        public Optional<Path> authorities() {
            return authorities;
        }

        @Override
        public Duration connectTimeout() {
            return patience;
        }

        @Override
        public Duration readTimeout() {
            return patience;
        }
    }

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void shut() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void begin() throws IOException {
        Files.writeString(folder.resolve("hook"), SECRET + "\n");
        receiver = new AlertReceiver();
        settings = new Settings();
        settings.url = receiver.url("/alerts?token=t0ken");
    }

    @AfterEach
    void end() {
        receiver.close();
    }

    private static Alert alert(String camera, String name) {
        Sighting message = Visits.message(
                camera,
                "f00d#0",
                1,
                Sighting.Change.APPEARED,
                new UUID(0, 0xada),
                Instant.parse("2026-05-04T09:00:00Z"));
        return new Alert(
                1,
                "0f8fad5b-d9cb-869f-a165-70867728950e",
                "door",
                "phone",
                message.source(),
                message.sightingId(),
                1,
                message.change(),
                camera,
                message.firstSeen(),
                message.lastSeen(),
                message.firstAppendedAt(),
                message.lastAppendedAt(),
                2,
                new Subject(Subject.Kind.PERSON, new UUID(0, 0xada), name, 0.9, null),
                null,
                message.best());
    }

    private WebhookTarget target() {
        return new WebhookTarget("phone", settings, Optional.of(folder), vertx);
    }

    private static void deliver(WebhookTarget target) throws DeliveryException, InterruptedException {
        target.deliver(alert("door", "Ada"), Duration.ZERO, 1);
    }

    private DeliveryException failure() {
        try (WebhookTarget target = target()) {
            return failure(target);
        }
    }

    private static DeliveryException failure(WebhookTarget target) {
        return catchThrowableOfType(DeliveryException.class, () -> deliver(target));
    }

    @Test
    void anAlertIsACloudEventInBinaryModeThatIsSignedAndHasAnIdempotencyKey() throws Exception {
        Alert alert = alert("T\u00fcr 1%", "Zo\u00eb");
        try (WebhookTarget target = target()) {
            target.deliver(alert, Duration.ZERO, 1);
        }

        AlertReceiver.Request request = receiver.requests().get(0);
        assertThat(request.path()).isEqualTo("/alerts?token=t0ken");
        assertThat(request.headers())
                .containsEntry("content-type", "application/json")
                .containsEntry("ce-specversion", "1.0")
                .containsEntry("ce-id", alert.alertId())
                .containsEntry("ce-type", "io.facestream.alert.v1")
                .containsEntry("ce-source", "/cameras/T%C3%BCr%201%25")
                .containsEntry("ce-subject", "T%C3%BCr%201%25")
                .containsEntry("ce-time", "2026-05-04T09:00:00Z")
                .containsEntry("idempotency-key", alert.alertId())
                .containsEntry("webhook-id", alert.alertId());
        String timestamp = request.headers().get("webhook-timestamp");
        assertThat(Instant.ofEpochSecond(Long.parseLong(timestamp)))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        assertThat(request.headers().get("webhook-signature"))
                .isEqualTo("v1," + hmac(SECRET, alert.alertId() + "." + timestamp + "." + request.body()));
        var body = new ObjectMapper().readTree(request.body());
        assertThat(body.at("/subject/name").asText()).isEqualTo("Zo\u00eb");
        assertThat(body.path("alertId").asText()).isEqualTo(alert.alertId());
    }

    @Test
    void anAddressOfIpv6StandsInBracketsInTheHeaderHost() throws Exception {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress("::1", 0), 0);
        } catch (IOException e) {
            Assumptions.abort("this machine has no IPv6: " + e.getMessage());
            return;
        }
        AtomicReference<String> host = new AtomicReference<>();
        server.createContext("/", exchange -> {
            host.set(exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            String authority = "[::1]:" + server.getAddress().getPort();
            settings.url = "http://" + authority + "/alerts";
            try (WebhookTarget target = target()) {
                deliver(target);
            }
            assertThat(host.get()).isEqualTo(authority);
        } finally {
            server.stop(0);
        }
    }

    private static String hmac(String key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    }

    @Test
    void whileSecretsAreExchangedAnAlertIsSignedWithBothAndNoRestartIsNeeded() throws Exception {
        try (WebhookTarget target = target()) {
            deliver(target);
            Files.writeString(folder.resolve("hook"), "the-second-secret-of-a-test-0002\n" + SECRET + "\n");
            deliver(target);
        }

        AlertReceiver.Request request = receiver.requests().get(1);
        String signed = request.headers().get("webhook-id") + "."
                + request.headers().get("webhook-timestamp") + "." + request.body();
        assertThat(request.headers().get("webhook-signature"))
                .isEqualTo("v1," + hmac("the-second-secret-of-a-test-0002", signed) + " v1," + hmac(SECRET, signed));
    }

    @Test
    void aByteOrderMarkAndLineEndsAreNoPartOfASecret() throws Exception {
        Files.writeString(folder.resolve("hook"), "\ufeff" + SECRET + "\r\n\r\n");
        try (WebhookTarget target = target()) {
            deliver(target);
        }

        AlertReceiver.Request request = receiver.requests().get(0);
        String signed = request.headers().get("webhook-id") + "."
                + request.headers().get("webhook-timestamp") + "." + request.body();
        assertThat(request.headers().get("webhook-signature")).isEqualTo("v1," + hmac(SECRET, signed));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void everySuccessIsOne(int status) throws Exception {
        receiver.answer(status);
        try (WebhookTarget target = target()) {
            deliver(target);
        }
        assertThat(receiver.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, false",
        "401, false",
        "403, false",
        "404, false",
        "409, false",
        "410, false",
        "422, false",
        "408, true",
        "425, true",
        "429, true",
        "500, true",
        "502, true",
        "503, true",
        "504, true",
        "599, true"
    })
    void aServerThatIsBusyOrBrokenIsAskedAgainAndOneThatRefusesIsNot(int status, boolean again) {
        receiver.answer(status);

        DeliveryException failure = failure();

        assertThat(failure)
                .hasMessage("http://localhost:" + receiver.port() + " answers " + status)
                .hasMessageNotContaining("t0ken");
        assertThat(failure.isRetryable()).isEqualTo(again);
        assertThat(failure.pause()).isEmpty();
    }

    /**
     * In Vert.x 4.5, a response that has ended takes no handlers. A thread that was held up between sending and adding
     * them never saw the answer: one of some hundred alerts, where the machine was busy.
     */
    @Test
    void anAnswerThatIsThereAtOnceIsSeenWhateverElseRuns() throws Exception {
        settings.patience = Duration.ofSeconds(15);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> deliveries = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            deliveries.add(threads.submit(() -> {
                for (int i = 0; i < 100; i++) {
                    try (WebhookTarget target = target()) {
                        deliver(target);
                    }
                }
                return null;
            }));
        }
        for (Future<?> delivery : deliveries) {
            delivery.get();
        }
        threads.shutdown();
        assertThat(receiver.requests()).hasSize(800);
    }

    @Test
    void aServerThatAsksForAPauseGetsIt() {
        receiver.answer(503, "Retry-After", "120");
        assertThat(failure().pause()).contains(Duration.ofSeconds(120));
        receiver.answer(429, "Retry-After", "whenever");
        assertThat(failure().pause()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsNotFollowed(int status) {
        try (AlertReceiver other = new AlertReceiver()) {
            receiver.answer(status, "Location", other.url("/"));

            DeliveryException failure = failure();

            assertThat(failure).hasMessageEndingWith("answers " + status + ", a redirect, which is not followed");
            assertThat(failure.isRetryable()).isFalse();
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void aServerThatHangsIsGivenUpAndAskedAgain() {
        settings.patience = Duration.ofSeconds(3);
        CountDownLatch end = new CountDownLatch(1);
        receiver.behave(exchange -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        long begin = System.nanoTime();

        DeliveryException failure = failure();

        end.countDown();
        assertThat(failure.isRetryable()).isTrue();
        assertThat(failure).hasMessageEndingWith("no answer within 3000 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(9));
    }

    @Test
    void aServerThatDripsItsAnswerHasTakenTheAlert() throws Exception {
        settings.patience = Duration.ofSeconds(3);
        receiver.behave(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                for (int i = 0; i < 100; i++) {
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                    Thread.sleep(100);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        long begin = System.nanoTime();
        try (WebhookTarget target = target()) {
            deliver(target);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(9));
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() throws Exception {
        byte[] much = new byte[1 << 16];
        long[] written = {0};
        receiver.behave(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (written[0] < 1L << 30) {
                exchange.getResponseBody().write(much);
                written[0] += much.length;
            }
        });
        try (WebhookTarget target = target()) {
            deliver(target);
        }
        assertThat(written[0]).isLessThan(1L << 26);
    }

    @Test
    void aServerThatHangsUpIsAskedAgain() throws Exception {
        try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.url = "http://localhost:" + rude.getLocalPort() + "/";
            Thread server = new Thread(() -> {
                try (Socket caller = rude.accept()) {
                    caller.getInputStream().read();
                    caller.setSoLinger(true, 0);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            server.start();

            assertThat(failure().isRetryable()).isTrue();
            server.join();
        }
    }

    @Test
    void aServerThatIsAwayIsAskedAgainAndTakesTheAlertWhenItIsBack() throws Exception {
        int port = receiver.port();
        receiver.close();
        try (WebhookTarget target = target()) {
            assertThat(failure(target).isRetryable()).isTrue();

            receiver = new AlertReceiver(port, null);
            deliver(target);
        }
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void aPrivateNetworkIsNotReachedUnlessItMayBe() throws Exception {
        settings.allowPrivateNetworks = false;
        settings.url = "https://localhost:" + receiver.port() + "/";

        DeliveryException failure = failure();

        assertThat(failure.isRetryable()).isTrue();
        assertThat(failure)
                .hasMessageContaining("is at 127.0.0.1: it is in a private network: set allow-private-networks");
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void theAddressThatWasCheckedIsTheOneThatIsConnectedTo() throws Exception {
        settings.url = "http://hook.example:" + receiver.port() + "/";
        InetAddress here = InetAddress.getByName("127.0.0.1");
        InetAddress elsewhere = InetAddress.getByName("192.0.2.1");
        int[] asked = {0};
        WebhookTarget.Lookup rebinding = host -> new InetAddress[] {asked[0]++ == 0 ? here : elsewhere};
        try (WebhookTarget target = new WebhookTarget("phone", settings, Optional.of(folder), vertx, rebinding)) {
            deliver(target);
            assertThat(asked[0]).isEqualTo(1);
            assertThat(receiver.requests().get(0).headers()).containsEntry("host", "hook.example:" + receiver.port());

            assertThat(failure(target)).hasMessageContaining("is at 192.0.2.1: no server can be at that address");
        }
    }

    @Test
    void ofSeveralAddressesThoseThatAreForbiddenAreLeftOut() throws Exception {
        settings.url = "http://hook.example:" + receiver.port() + "/";
        InetAddress[] both = {InetAddress.getByName("224.0.0.1"), InetAddress.getByName("127.0.0.1")};
        try (WebhookTarget target =
                new WebhookTarget("phone", settings, Optional.of(folder), vertx, host -> Arrays.copyOf(both, 2))) {
            deliver(target);
        }
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void aNameThatIsNotFoundIsAskedForAgain() {
        settings.url = "http://hook.invalid/";

        assertThat(failure().isRetryable()).isTrue();
        assertThat(failure()).hasMessage("http://hook.invalid:80: there is no such host");
    }

    @Test
    void aNameServerThatHangsDelaysItsOwnTargetOnly() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        WebhookTarget.Lookup hanging = host -> {
            while (end.getCount() > 0) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    // Goes on, as the system's own look-up does.
                }
            }
            return new InetAddress[0];
        };
        Settings impatient = new Settings();
        impatient.url = settings.url;
        impatient.patience = Duration.ofSeconds(3);
        List<WebhookTarget> targets = new ArrayList<>();
        List<Future<DeliveryException>> failures = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        for (int i = 0; i < 8; i++) {
            WebhookTarget slow = new WebhookTarget("slow", impatient, Optional.of(folder), vertx, hanging);
            targets.add(slow);
            failures.add(threads.submit(() -> failure(slow)));
        }
        try (WebhookTarget target = target()) {
            deliver(target);
        }
        assertThat(receiver.requests()).hasSize(1);
        for (Future<DeliveryException> failure : failures) {
            assertThat(failure.get()).hasMessageEndingWith("its address is not found within 3000 ms");
        }
        end.countDown();
        targets.forEach(WebhookTarget::close);
        threads.shutdown();
    }

    @Test
    void aCertificateIsCheckedAndSoIsItsHost() throws Exception {
        SSLContext tls = certificateFor("localhost");
        try (AlertReceiver secure = new AlertReceiver(0, tls)) {
            settings.url = secure.url("/");
            assertThat(failure().isRetryable())
                    .as("an authority that nobody knows")
                    .isTrue();
            assertThat(secure.requests()).isEmpty();

            settings.authorities = Optional.of(folder.resolve("localhost.pem"));
            try (WebhookTarget target = target()) {
                deliver(target);
            }
            assertThat(secure.requests()).hasSize(1);
        }
        try (AlertReceiver other = new AlertReceiver(0, certificateFor("elsewhere.example"))) {
            settings.url = other.url("/");
            settings.authorities = Optional.of(folder.resolve("elsewhere.example.pem"));

            assertThat(failure().isRetryable())
                    .as("a certificate of another host")
                    .isTrue();
            assertThat(other.requests()).isEmpty();
        }
    }

    private SSLContext certificateFor(String host) throws Exception {
        Path store = folder.resolve(host + ".p12");
        run(
                "keytool",
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-validity",
                "2",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit");
        run(
                "keytool",
                "-exportcert",
                "-rfc",
                "-alias",
                "key",
                "-file",
                folder.resolve(host + ".pem").toString(),
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = new FileInputStream(store.toFile())) {
            keys.load(file, "changeit".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static void run(String tool, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ftp://example.org/ | url begins with https://",
                "example.org/alerts | url begins with https://",
                "https:///alerts | url names no host",
                "https://user:pw@example.org/ | url has a user or a password in it",
                "https://example.org@evil.example/ | url has a user or a password in it",
                "https://example.org/#x | url has a fragment",
                "https://example.org:99999/ | url has the port 99999",
                "https://exa mple.org/ | url is no address",
                "http://example.org/ | url is http, which is for private networks"
            })
    void anAddressThatCannotBeIsRefusedAndNothingOfItsPathIsShown(String url, String why) {
        settings.allowPrivateNetworks = false;
        settings.url = url;

        assertThatIllegalArgumentException()
                .isThrownBy(this::target)
                .withMessageStartingWith("facestream.alerts.targets.phone.webhook." + why)
                .withMessageNotContaining("pw");
    }

    @Test
    void aSecretThatCannotBeUsedIsRefusedAndNothingOfItIsShown() throws IOException {
        for (String content : List.of(
                "",
                "\n\n",
                "short",
                "a-secret-that-is-long-enough-1\nb\n",
                "whsec_!!!!",
                SECRET + "\n" + SECRET + "\n" + SECRET)) {
            Files.writeString(folder.resolve("hook"), content);
            assertThatIllegalArgumentException()
                    .as(content)
                    .isThrownBy(this::target)
                    .withMessageStartingWith("facestream.alerts.targets.phone.webhook.secret hook ")
                    .withMessageNotContaining("long-enough");
        }
        Files.delete(folder.resolve("hook"));
        assertThatIllegalArgumentException().isThrownBy(this::target).withMessageContaining("is not a readable file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookTarget("phone", settings, Optional.empty(), vertx))
                .withMessageContaining("needs facestream.alerts.secrets");
    }
}
