package io.facestream.gallery;

import io.facestream.embedded.TestServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.ds.PGSimpleDataSource;

/** A gallery of its own for a test, on a server of its own. */
public final class TestGallery {
    private final TestServices.Postgres postgres;

    private TestGallery(TestServices.Postgres postgres) {
        this.postgres = postgres;
    }

    /** A database of any schema, or none. */
    public static TestGallery of(Class<?> test) {
        return new TestGallery(TestServices.postgresOf(test));
    }

    /** This build's schema and the shipped network, and nothing that a test left. */
    public void renew() throws SQLException {
        postgres.renew();
    }

    /** The same without a network in the registry. */
    public void renewSchema() throws SQLException {
        postgres.renewSchema();
    }

    /** Removes what {@link #renew} and {@link #renewSchema} copy, for a test that drops the server's group roles. */
    public void dropMigrated() throws SQLException {
        postgres.dropMigrated();
    }

    public DataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(postgres.jdbcUrl());
        dataSource.setUser(postgres.userName());
        dataSource.setPassword(postgres.password());
        return dataSource;
    }

    /** As the service is told of it. */
    public Map<String, String> asProperties() {
        return Map.of(
                "quarkus.datasource.jdbc.url", postgres.jdbcUrl(),
                "quarkus.datasource.username", postgres.userName(),
                "quarkus.datasource.password", postgres.password());
    }

    /** As people see it who only read. */
    public Connection reader() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.readerName(), postgres.readerPassword());
    }

    /** As a process sees it that logs in as a member of that group role, and of no other. */
    public DataSource as(String group) throws SQLException {
        return as(postgres, group);
    }

    /** The same of another database of the tests, once it is migrated. */
    public static DataSource as(TestServices.Postgres postgres, String group) throws SQLException {
        String user = "test_" + group;
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(postgres.jdbcUrl());
        owner.setUser(postgres.userName());
        owner.setPassword(postgres.password());
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            if (query(connection, "select 1 from pg_roles where rolname = '" + user + "'")
                    .isEmpty()) {
                statement.execute(
                        "create role " + user + " login password '" + postgres.password() + "' in role " + group);
            }
        }
        PGSimpleDataSource member = new PGSimpleDataSource();
        member.setUrl(postgres.jdbcUrl());
        member.setUser(user);
        member.setPassword(postgres.password());
        return member;
    }

    /** The schema as it was at that migration, up to 16 as it was released, with the functions of that time. */
    public void migrateTo(String version) {
        // No file has that prefix: those of functions and views would run whatever the target is.
        flyway(dataSource())
                .target(version)
                .repeatableSqlMigrationPrefix("none")
                .load()
                .migrate();
    }

    /** This build's schema, without a network in its registry. */
    public static void migrateSchema(DataSource dataSource) {
        flyway(dataSource).load().migrate();
    }

    /** How many versioned migrations this build has, from that version on. */
    public static long migrationsFrom(int version) {
        Pattern versioned = Pattern.compile("V(\\d+)__.*");
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            return files.map(file -> versioned.matcher(file.getFileName().toString()))
                    .filter(name -> name.matches() && Integer.parseInt(name.group(1)) >= version)
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FluentConfiguration flyway(DataSource dataSource) {
        return Flyway.configure()
                .dataSource(dataSource)
                .schemas(GallerySchema.NAME)
                .initSql("set search_path = " + GallerySchema.NAME + ", public")
                .locations("classpath:db/migration");
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** An enrolled photo of a person, as it lies in the gallery, under no version yet. */
    public void addSample(UUID id, UUID person, byte[] chip) throws SQLException {
        execute("insert into facestream.face_sample (id, identity_id, sha256, chip, enrolled, quality, source_topic,"
                + " source_partition, source_offset) values ('" + id + "', '" + person + "', sha256('" + id + "'), '"
                + bytes(chip) + "', true, '{}', 'labelled-faces', 0, 1)");
    }

    /** Two versions of three dimensions, of which the first is the active one. */
    public void addTwoVersions() throws SQLException {
        execute(
                """
                insert into facestream.model_version (version, architecture, dimensions, input_side, mirror_averaging,
                        status, threshold, separation, sha256, activated_at)
                    values ('first-1', 'test', 3, 112, true, 'active', 0.9, 0.1, sha256('1'), now()),
                        ('second-1', 'test', 3, 112, true, 'standby', 0.9, 0.1, sha256('2'), now());
                select facestream.create_model_partitions(version, 3), facestream.attach_model_partitions(version)
                    from facestream.model_version""");
    }

    /** A person with photos, numbered from there on, which also say where their points are under every version. */
    public UUID addPerson(String name, int photos, int first) throws SQLException {
        UUID id = UUID.fromString(
                query("insert into facestream.identity (kind, name) values ('person', '" + name + "') returning id")
                        .get(0));
        execute(
                """
                insert into facestream.face_sample (identity_id, sha256, chip, enrolled, quality, source_topic,
                        source_partition, source_offset)
                    select '%1$s', sha256(convert_to(n::text, 'UTF8')), 'chip', true, '{}', 'labelled-faces', 1, n
                    from generate_series(%2$d, %3$d) n;
                insert into facestream.face_embedding
                    select v.version, s.id,
                        l2_normalize(('[1,' || s.source_offset || ',' || length(v.version) || ']')::vector), 70
                    from facestream.face_sample s, facestream.model_version v where s.identity_id = '%1$s';
                select facestream.compute_templates(array['%1$s'::uuid])"""
                        .formatted(id, first, first + photos - 1));
        return id;
    }

    /** Gives a version other weights, which no probe has seen. */
    public void replaceWeights(String version, byte[] savedModel) throws SQLException {
        String weights = "'" + bytes(savedModel) + "'::bytea";
        execute("update facestream.model_weights set weights = " + weights + " where version = '" + version + "'");
        execute("update facestream.model_version set sha256 = sha256(" + weights + ") where version = '" + version
                + "'");
    }

    /** As SQL writes them between quotes. */
    private static String bytes(byte[] bytes) {
        return "\\x" + HexFormat.of().formatHex(bytes);
    }

    /** The rows as text, columns separated by a space. */
    public List<String> query(String sql) throws SQLException {
        try (Connection connection = dataSource().getConnection()) {
            return query(connection, sql);
        }
    }

    public static List<String> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    columns.add(rows.getString(i));
                }
                found.add(String.join(" ", columns));
            }
            return found;
        }
    }

    /** A version with its partitions, as they are made in production, and a template for each of those identities. */
    public void addVersion(String version, int dimensions, List<UUID> identities, Random random) throws SQLException {
        execute(
                """
                insert into facestream.model_version (version, architecture, dimensions, input_side, mirror_averaging,
                    status, threshold, separation, sha256)
                values ('%s', 'test', %d, 112, false, 'standby', 0.9, 0.1, sha256('%1$s'));
                select facestream.create_model_partitions('%1$s', %2$d)"""
                        .formatted(version, dimensions));
        String partition = query("select facestream.partition_name('template', '" + version + "')")
                .get(0);
        try (Connection connection = dataSource().getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into facestream." + partition
                        + " (model_version, identity_id, embedding, samples) values (?, ?, ?::text::vector, 1)")) {
            connection.setAutoCommit(false);
            for (UUID identity : identities) {
                insert.setString(1, version);
                insert.setObject(2, identity);
                insert.setString(3, text(randomUnitVector(dimensions, random)));
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
        execute("select facestream.attach_model_partitions('" + version + "')");
    }

    /** People by the names {@code person 0} and so on. */
    public List<UUID> addPeople(int count) throws SQLException {
        return query("insert into facestream.identity (kind, name)"
                        + " select 'person', 'person ' || n from generate_series(0, "
                        + (count - 1) + ") n returning id")
                .stream()
                .map(UUID::fromString)
                .toList();
    }

    public static float[] randomUnitVector(int dimensions, Random random) {
        float[] vector = new float[dimensions];
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
            squares += (double) vector[i] * vector[i];
        }
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    /** As pgvector reads it. */
    public static String text(float[] vector) {
        List<String> numbers = new ArrayList<>();
        for (float x : vector) {
            numbers.add(String.format(Locale.ROOT, "%s", x));
        }
        return "[" + String.join(",", numbers) + "]";
    }
}
