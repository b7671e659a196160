package io.facestream.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.pgvector.PGvector;
import io.facestream.database.Sql;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embedded.TestServices;
import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Sha256;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.postgresql.ds.PGSimpleDataSource;

/** The role web alone, on a database that it logs in to as a member of its own group role and of no other. */
public final class WebApi {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Not the Java client's default: its upgrade to HTTP/2 in clear text fails now and then with 9 MiB on the way. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final DataSource owner = owner();

    /** What came back. */
    public record Answer(int status, Map<String, List<String>> headers, JsonNode json) {
        public String header(String name) {
            return headers.containsKey(name) ? headers.get(name).get(0) : null;
        }
    }

    public static class Alone implements QuarkusTestProfile {
        @Override
        public String getConfigProfile() {
            return "test,web";
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(Database.class));
        }
    }

    /** The same with a broker, for views that show or ask for what goes through Kafka. */
    public static class OnKafka implements QuarkusTestProfile {
        @Override
        public String getConfigProfile() {
            return "test,web";
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(DatabaseAndBroker.class));
        }
    }

    /** Tells the application where database and broker are. */
    public static final class DatabaseAndBroker implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            Map<String, String> all = new HashMap<>(new Database().start());
            all.put("kafka.bootstrap.servers", TestServices.kafka().bootstrapServers());
            return all;
        }

        @Override
        public void stop() {
            // They belong to all tests of this JVM, and end with it.
        }
    }

    /** Tells the application where the database is. There is no broker. */
    public static final class Database implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            try {
                GallerySchema.migrate(owner());
                PGSimpleDataSource member =
                        (PGSimpleDataSource) TestGallery.as(TestServices.postgres(), "facestream_web");
                return Map.of(
                        "kafka.bootstrap.servers", "localhost:1",
                        "quarkus.datasource.jdbc.url", TestServices.postgres().jdbcUrl(),
                        "quarkus.datasource.username", member.getUser(),
                        "quarkus.datasource.password", member.getPassword());
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void stop() {
            // It belongs to all tests of this JVM, and ends with it.
        }
    }

    /** The database, as whom everything is allowed. */
    public static PGSimpleDataSource owner() {
        TestServices.Postgres postgres = TestServices.postgres();
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(postgres.jdbcUrl());
        owner.setUser(postgres.userName());
        owner.setPassword(postgres.password());
        return owner;
    }

    /** Where it listens. */
    public int port() {
        return ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    }

    public HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    public Answer send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response.headers().map(), MAPPER.readTree(response.body()));
    }

    /** The same whatever the body is. */
    public HttpResponse<byte[]> download(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** What a path gives to the owner of a key, whatever it is. */
    public HttpResponse<byte[]> download(String path, String key) throws IOException, InterruptedException {
        return http.send(to(path).header("x-api-key", key).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Sends a picture as it is. */
    public Answer post(String path, String key, String type, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = to(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body));
        return send((key == null ? request : request.header("x-api-key", key)).build());
    }

    /** A new key of that role. */
    public String key(String role) throws SQLException {
        String key = "fs_"
                + (UUID.randomUUID() + UUID.randomUUID().toString())
                        .replace("-", "")
                        .substring(0, 43);
        execute(
                "insert into facestream.api_key (name, role, key_sha256) values (?, ?, ?)",
                key.substring(3, 20),
                role,
                Sha256.of(key.getBytes(US_ASCII)));
        return key;
    }

    public void revoke(String key) throws SQLException {
        execute("update facestream.api_key set revoked_at = now() where key_sha256 = ?", (Object)
                Sha256.of(key.getBytes(US_ASCII)));
    }

    public void execute(String sql, Object... parameters) throws SQLException {
        Sql.on(owner, connection -> connection.execute(sql, parameters));
    }

    public List<String> query(String sql, Object... parameters) throws SQLException {
        return Sql.on(owner, connection -> connection.query(sql, row -> row.getString(1), parameters));
    }

    /** Puts a person with one template into the gallery, and returns the id. */
    public UUID enrol(String name, byte[] photo) throws Exception {
        UUID id = UUID.randomUUID();
        execute("insert into facestream.identity (id, kind, name) values (?, 'person', ?)", id, name);
        execute(
                "insert into facestream.template (model_version, identity_id, embedding, samples)"
                        + " values ('mobilefacenet-1', ?, ?::text::vector, 1)",
                id,
                new PGvector(embedding(photo).vector()).getValue());
        execute("select nextval('facestream.gallery_revision')");
        return id;
    }

    private static Embedding embedding(byte[] photo) throws Exception {
        SmallRyeConfig config = ConfigProvider.getConfig().unwrap(SmallRyeConfig.class);
        byte[] weights = ShippedModel.weights();
        ModelVersion version = ShippedModel.version(weights);
        try (FaceDetectors detectors = FaceDetectors.load(config.getConfigMapping(DetectionConfig.class));
                FaceFinder finder = new FaceFinder(detectors.detector());
                Network network = Network.load(version.version(), weights, ComputeDevice.CPU);
                FaceEmbedder embedder = new FaceEmbedder(network, version.inputSide());
                Picture picture = new PictureDecoder(config.getConfigMapping(PictureBounds.class)).decode(photo);
                FaceView view = finder.find(picture).get(0)) {
            return embedder.embed(view.chip());
        }
    }
}
