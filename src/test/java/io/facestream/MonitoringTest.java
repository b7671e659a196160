package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.facestream.frames.TestPictures;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Topic;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the running service shows of itself, and that the dashboard and the alerts ask for nothing else. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class MonitoringTest {
    private static final Path ALERTS = Path.of("monitoring/alerts.yml");
    private static final Path ALERTS_TEST = Path.of("src/test/resources/monitoring/alerts.test.yml");
    private static final Path DASHBOARD = Path.of("monitoring/grafana-dashboard.json");
    private static final byte[] PHOTO = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");

    /** A metric of ours or of requests, and the labels that its query asks for: {@code name{label="value",...}}. */
    private static final Pattern SELECTOR = Pattern.compile("((?:facestream|http_server)_\\w+)(?:\\{([^}]*)\\})?");

    private static final Pattern GROUPING = Pattern.compile("by \\(([^)]*)\\)");

    @TestHTTPResource(value = "metrics", management = true)
    private URI metrics;

    @TestHTTPResource("sign-in")
    private URI signIn;

    @TestHTTPResource(value = "health/ready", management = true)
    private URI ready;

    private Topics topics;

    @BeforeEach
    void connect() {
        topics = new Topics();
    }

    @AfterEach
    void disconnect() {
        topics.close();
    }

    @Test
    void everyQueryOfDashboardAndAlertsNamesWhatIsThere() throws Exception {
        useEveryStage();

        String shown = get(metrics);

        assertThat(queries()).hasSizeGreaterThan(15);
        for (String query : queries()) {
            List<String> labels = GROUPING.matcher(query)
                    .results()
                    .flatMap(match -> Stream.of(match.group(1).split(", ")))
                    .filter(label -> !label.equals("le"))
                    .toList();
            for (MatchResult selector : SELECTOR.matcher(query).results().toList()) {
                assertThat(shown.lines()
                                .filter(line -> line.startsWith(selector.group(1) + "{")
                                        || line.startsWith(selector.group(1) + " ")))
                        .as("%s of %s", selector.group(1), query)
                        .isNotEmpty()
                        .allSatisfy(
                                line -> labels.forEach(label -> assertThat(line).contains(label + "=\"")))
                        .anySatisfy(line -> assertThat(line).contains(wanted(selector)));
            }
        }
    }

    /** What a line has at least that the selector takes. */
    private static List<String> wanted(MatchResult selector) {
        List<String> wanted = new ArrayList<>(List.of(selector.group(1)));
        if (selector.group(2) != null) {
            Stream.of(selector.group(2).split(", ?"))
                    .filter(label -> !label.contains("!=") && !label.contains("~"))
                    .forEach(wanted::add);
        }
        return wanted;
    }

    @Test
    void decisionsRejectsAndTransactionsAreCounted() throws Exception {
        useEveryStage();

        assertThat(get(metrics).lines())
                .anyMatch(line -> line.startsWith("facestream_stage_outputs_total{")
                        && line.contains("decision=\"KNOWN\"")
                        && line.contains("type=\"identity-event\""))
                .anyMatch(line -> line.startsWith("facestream_stage_rejects_total{")
                        && line.contains("reason=\"not-an-image\"")
                        && line.contains("stage=\"detection\""))
                .anyMatch(line -> line.startsWith("facestream_recall_samples_total{outcome=\"missed\""))
                .anyMatch(line -> line.startsWith("facestream_recall_failures_total "))
                .anyMatch(line -> line.startsWith("facestream_model_in_use{version=\"mobilefacenet-"))
                .noneMatch(line -> line.contains("Grace_Hopper"));
    }

    @Test
    void healthIsOnTheManagementPortToo() throws Exception {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        new ObjectMapper().readTree(get(ready)).get("status").asText())
                .isEqualTo("UP"));
    }

    @Test
    void prometheusTakesTheAlerts() throws Exception {
        assertThat(promtool("check", "rules", ALERTS.toString())).containsPattern("SUCCESS: \\d+ rules found");
    }

    @Test
    void everyAlertFiresWhenItShouldAndNotBefore() throws Exception {
        String said = promtool("test", "rules", ALERTS_TEST.toString());

        assertThat(said).contains("SUCCESS");
        Pattern.compile("alert: (\\w+)")
                .matcher(Files.readString(ALERTS))
                .results()
                .map(alert -> alert.group(1))
                .forEach(alert -> assertThat(ALERTS_TEST).content().contains("alertname: " + alert));
    }

    private static String promtool(String... arguments) throws Exception {
        DebianPackages packages = DebianPackages.unpack("prometheus");
        String program = "usr/bin/promtool";
        assumeTrue(packages.has(program), "no promtool, and apt-get cannot fetch the package prometheus here");
        Process process =
                packages.run(program, arguments).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private void useEveryStage() throws Exception {
        get(signIn);
        // Nobody listens at port 1: the camera fails, which its state says.
        byte[] camera = "{\"url\":\"rtsp://127.0.0.1:1/a\"}".getBytes(UTF_8);
        topics.publish(Topic.CAMERAS, null, "nowhere", camera, Map.of());
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(get(metrics))
                .contains("facestream_cameras_state{camera=\"nowhere\",state=\"failing\"} 1.0"));
        RecordPointer photo = topics.publish(Topic.LABELLED_FACES, null, "Grace_Hopper", PHOTO, Map.of());
        topics.await(Topic.ENROLMENTS, record -> new String(record.value(), UTF_8).contains(photo.toString()));
        RecordPointer noPicture = topics.publish(Topic.CAMERA_FRAMES, null, "lobby", new byte[] {1, 2, 3}, Map.of());
        topics.awaitRejection(noPicture);
        RecordPointer frame = topics.publish(Topic.CAMERA_FRAMES, null, "lobby", PHOTO, Map.of());
        assertThat(topics.awaitFaces(Topic.IDENTITY_EVENTS, frame)).hasSize(1);
    }

    private static List<String> queries() throws IOException {
        List<String> queries = new ArrayList<>();
        JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
        dashboard.findValues("expr").forEach(expression -> queries.add(expression.asText()));
        new YAMLMapper().readTree(ALERTS.toFile()).findValues("expr").forEach(query -> queries.add(query.asText()));
        return queries;
    }

    private static String get(URI address) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}
