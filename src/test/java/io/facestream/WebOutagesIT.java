package io.facestream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.database.Sql;
import io.facestream.embedded.EmbeddedKafka;
import io.facestream.embedded.LocalPostgres;
import io.facestream.embedded.Setup;
import io.facestream.embedded.TestServices;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.GallerySchema;
import io.facestream.messaging.Sha256;
import io.facestream.stages.ChildJvm;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Two processes of the role web, whose database and broker go away and come back: who asks is told to come again, and
 * nothing is done by half.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebOutagesIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final byte[] GRACE = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final List<String> REPLICAS = List.of("one", "other");
    private static final String KEY = "fs_" + "k".repeat(43);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Longer than the longest of the role's own limits. */
    private static final Duration LIMIT = Duration.ofSeconds(45);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Integer> ports = new HashMap<>();
    private final int databasePort = TestServices.freePort();
    private final int brokerPort = TestServices.freePort();
    private Path folder;
    private Path databaseFolder;
    private LocalPostgres database;
    private ChildJvm broker;
    private Containers containers;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        databaseFolder = TestServices.newFolder();
        if (!Setup.isComplete()) {
            Setup.run(System.out::println);
        }
        startDatabase();
        GallerySchema.migrate(owner());
        startBroker();
        containers = new Containers(folder.resolve("image"));
        for (String role : List.of("web", "curation", "enrolment")) {
            execute("create role the_" + role + " login password '" + database.password() + "' in role facestream_"
                    + role);
        }
        for (String replica : REPLICAS) {
            ports.put(replica, TestServices.freePort());
            Map<String, String> settings = settings("web");
            settings.put("quarkus.http.port", Integer.toString(ports.get(replica)));
            containers.startRoles(replica, "web", "512m", settings);
        }
        containers.startRoles("curation", "curation", "512m", settings("curation"));
        containers.startRoles("enrolment", "enrolment", "512m", settings("enrolment"));
        for (String replica : REPLICAS) {
            await().atMost(PATIENCE).until(() -> containers.said(replica).contains("Ready: web"));
        }
        addKey("test", "admin", KEY);
    }

    private Map<String, String> settings(String role) {
        return new HashMap<>(Map.of(
                "kafka.bootstrap.servers",
                "127.0.0.1:" + brokerPort,
                "quarkus.datasource.jdbc.url",
                database.jdbcUrl(),
                "quarkus.datasource.username",
                "the_" + role,
                "quarkus.datasource.password",
                database.password()));
    }

    private void startDatabase() {
        database = LocalPostgres.start(databaseFolder, databasePort);
    }

    private void startBroker() throws Exception {
        broker = ChildJvm.start(EmbeddedKafka.class, folder.resolve("kafka").toString(), Integer.toString(brokerPort));
        broker.awaitLine("ready ");
    }

    @BeforeEach
    void everythingWorks() {
        for (String replica : REPLICAS) {
            await().atMost(PATIENCE)
                    .until(() -> create(replica, UUID.randomUUID(), "p " + UUID.randomUUID())
                                    .statusCode()
                            == 200);
        }
    }

    @AfterAll
    void stop() throws Exception {
        containers.close();
        broker.close();
        database.close();
        TestServices.delete(databaseFolder);
    }

    private PGSimpleDataSource owner() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.jdbcUrl());
        source.setUser(database.userName());
        source.setPassword(database.password());
        return source;
    }

    private void execute(String sql, Object... parameters) throws SQLException {
        Sql.on(owner(), connection -> connection.execute(sql, parameters));
    }

    private void addKey(String name, String role, String key) throws SQLException {
        execute(
                "insert into facestream.api_key (name, role, key_sha256) values (?, ?, ?)",
                name,
                role,
                Sha256.of(key.getBytes(StandardCharsets.US_ASCII)));
    }

    private List<String> query(String sql, Object... parameters) throws SQLException {
        return Sql.on(owner(), connection -> connection.query(sql, row -> row.getString(1), parameters));
    }

    private HttpRequest.Builder to(String replica, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(replica) + path))
                .header("x-api-key", KEY)
                .timeout(LIMIT);
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws Exception {
        return http.send(request, BodyHandlers.ofByteArray());
    }

    private HttpRequest creation(String replica, UUID id, String name) {
        return to(replica, "/api/v1/commands?wait=5s")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"command\": \"create\", \"commandId\": \"%s\", \"name\": \"%s\"}".formatted(id, name)))
                .build();
    }

    private HttpResponse<byte[]> create(String replica, UUID id, String name) throws Exception {
        return send(creation(replica, id, name));
    }

    private HttpRequest picture(String path) {
        return to("one", path)
                .header("Content-Type", "image/jpeg")
                .POST(BodyPublishers.ofByteArray(GRACE))
                .build();
    }

    private Map<String, HttpRequest> reads() {
        Map<String, HttpRequest> requests = new LinkedHashMap<>();
        for (String path :
                List.of("people", "sightings", "strangers", "models", "alert-rules", "recognition/subjects")) {
            requests.put(path, to("one", "/api/v1/" + path).build());
        }
        requests.put("identify", picture("/api/v1/identify"));
        requests.put(
                "the page",
                to("one", "/people")
                        .header("Cookie", "facestream_session=" + "s".repeat(43))
                        .build());
        return requests;
    }

    private Map<String, HttpRequest> writes() {
        Map<String, HttpRequest> requests = new LinkedHashMap<>();
        requests.put("a command", creation("one", UUID.randomUUID(), "lost 1"));
        requests.put("a photo", picture("/api/v1/photos?name=lost%202"));
        requests.put(
                "a subject",
                to("one", "/api/v1/recognition/subjects")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"subject\": \"lost 3\"}"))
                        .build());
        return requests;
    }

    private void assertAllSayWhenToComeAgain(Map<String, HttpRequest> requests) throws Exception {
        Map<String, CompletableFuture<HttpResponse<byte[]>>> answers = new LinkedHashMap<>();
        requests.forEach((what, request) -> answers.put(what, http.sendAsync(request, BodyHandlers.ofByteArray())));
        for (Map.Entry<String, CompletableFuture<HttpResponse<byte[]>>> each : answers.entrySet()) {
            HttpResponse<byte[]> answer = each.getValue().get();
            assertThat(answer.statusCode())
                    .as("%s: %s", each.getKey(), new String(answer.body(), StandardCharsets.UTF_8))
                    .isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After"))
                    .as(each.getKey())
                    .hasValue("1");
        }
    }

    private List<String> names() throws Exception {
        return query("select name from facestream.people order by name");
    }

    @Test
    void aReadThatBringsTheRevisionSeesTheChangeAtTheOtherReplica() throws Exception {
        for (int i = 0; i < 20; i++) {
            String name = "seen " + UUID.randomUUID();
            JsonNode done =
                    MAPPER.readTree(create("one", UUID.randomUUID(), name).body());

            HttpResponse<byte[]> seen = send(to(
                            "other",
                            "/api/v1/people?name=" + name.replace(" ", "%20") + "&revision="
                                    + done.path("revision").asLong())
                    .build());

            assertThat(MAPPER.readTree(seen.body()).at("/people/0/name").asText())
                    .as("%s", done)
                    .isEqualTo(name);
        }
    }

    @Test
    void aRevokedKeyIsRefusedByBothReplicasAtOnce() throws Exception {
        String key = "fs_" + "r".repeat(43);
        addKey("revoked", "viewer", key);
        for (String replica : REPLICAS) {
            assertThat(send(people(replica, key)).statusCode()).as(replica).isEqualTo(200);
        }

        execute("update facestream.api_key set revoked_at = now() where name = 'revoked'");

        for (String replica : REPLICAS) {
            assertThat(send(people(replica, key)).statusCode()).as(replica).isEqualTo(401);
        }
    }

    private HttpRequest people(String replica, String key) {
        return to(replica, "/api/v1/people").setHeader("x-api-key", key).build();
    }

    @Test
    void withoutItsDatabaseItSaysWhenToComeAgainAndSendsNothing() throws Exception {
        List<String> before = names();
        database.close();

        assertAllSayWhenToComeAgain(reads());
        assertAllSayWhenToComeAgain(writes());
        startDatabase();

        everythingWorks();
        assertThat(names()).containsAll(before).noneMatch(name -> name.startsWith("lost"));
    }

    @Test
    void aDatabaseThatNoLongerAnswersIsAsGoodAsNone() throws Exception {
        signalDatabase("-STOP");
        try {
            assertAllSayWhenToComeAgain(reads());
            assertAllSayWhenToComeAgain(writes());
        } finally {
            signalDatabase("-CONT");
        }

        everythingWorks();
        assertThat(names()).noneMatch(name -> name.startsWith("lost"));
    }

    /** All processes of the server: one of them answers each connection. */
    private void signalDatabase(String signal) throws Exception {
        long server = Long.parseLong(Files.readAllLines(postmaster()).get(0).trim());
        List<String> command = new ArrayList<>(List.of("kill", signal, Long.toString(server)));
        ProcessHandle.of(server).orElseThrow().children().forEach(process -> command.add(Long.toString(process.pid())));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private Path postmaster() throws Exception {
        try (Stream<Path> files = Files.walk(databaseFolder)) {
            return files.filter(file -> file.endsWith("postmaster.pid"))
                    .findAny()
                    .orElseThrow();
        }
    }

    @Test
    void withoutItsBrokerItReadsAndSaysWhenToWriteAgain() throws Exception {
        broker.kill();
        broker.close();

        assertAllSayWhenToComeAgain(writes());
        for (Map.Entry<String, HttpRequest> read : reads().entrySet()) {
            assertThat(send(read.getValue()).statusCode()).as(read.getKey()).isIn(200, 303);
        }
        startBroker();

        everythingWorks();
    }

    @Test
    void whatIsSentAgainAfterTheBrokerDiedIsDoneOnce() throws Exception {
        Map<UUID, String> commands = new LinkedHashMap<>();
        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            UUID id = UUID.randomUUID();
            commands.put(id, "once " + i);
            answers.add(http.sendAsync(creation(REPLICAS.get(i % 2), id, "once " + i), BodyHandlers.ofByteArray()));
            if (i == 20) {
                answers.get(0).get();
                broker.kill();
            }
        }
        broker.close();
        for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
            assertThat(answer.get().statusCode()).isIn(200, 202, 503);
        }
        startBroker();
        everythingWorks();

        for (Map.Entry<UUID, String> command : commands.entrySet()) {
            assertThat(create("other", command.getKey(), command.getValue()).statusCode())
                    .as(command.getValue())
                    .isEqualTo(200);
        }

        assertThat(names().stream().filter(name -> name.startsWith("once ")))
                .containsExactlyInAnyOrderElementsOf(commands.values());
        assertThat(query("select action from facestream.audit_trail where command_id = any(?::uuid[])", (Object)
                        commands.keySet().stream().map(UUID::toString).toArray(String[]::new)))
                .hasSize(40);
    }
}
