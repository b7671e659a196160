package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.facestream.ComposeFile;
import io.facestream.database.Refusal;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.TestGallery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** {@code create-database.sh} run as the entrypoint of PostgreSQL's image runs it. */
class CreateDatabaseTest {
    private static final Path SCRIPT = Path.of("src/main/docker/create-database.sh");
    private static final String OWNERS = "it's a \"secret\"";
    private static final String SERVICES = "it's \\ another";

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void writePasswords() throws IOException {
        Setup.run(System.out::println);
        assumeTrue(PostgresBinaries.find().orElseThrow().major() >= 15, "psql has no \\getenv");
        environment.put("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256");
        environment.put(
                "POSTGRES_PASSWORD_FILE",
                Files.writeString(folder.resolve("owners"), OWNERS).toString());
        environment.put(
                "SERVICE_PASSWORD_FILE",
                Files.writeString(folder.resolve("services"), SERVICES + "\n").toString());
    }

    @Test
    void theOwnerCannotMakeItselfMoreAndNobodyIsSuperuserOverTheNetwork() throws Exception {
        try (ComposeDatabase database = ComposeDatabase.start(SCRIPT, environment);
                Connection owner = connect(database, "facestream", OWNERS)) {
            assertThat(TestGallery.query(
                            owner,
                            "select rolsuper, rolcreaterole, rolcreatedb, to_regtype('vector') is not null"
                                    + " from pg_roles where rolname = current_user"))
                    .containsExactly("f f f t");
            for (String more : List.of(
                    "grant pg_execute_server_program to facestream",
                    "grant pg_write_server_files to facestream",
                    "create role helper superuser",
                    "copy (select 1) to program 'true'")) {
                assertThatThrownBy(() -> execute(owner, more))
                        .as(more)
                        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState())
                                .isEqualTo("42501"));
            }
            for (String password : List.of(OWNERS, SERVICES)) {
                assertThatThrownBy(() -> connect(database, "postgres", password))
                        .hasMessageContaining("password authentication failed");
            }
        }
    }

    @Test
    void theServicesLoginIsAMemberOfTheirGroupsAndOwnsNothing() throws Exception {
        try (ComposeDatabase database = ComposeDatabase.start(SCRIPT, environment);
                Connection service = connect(database, "facestream_service", SERVICES)) {
            assertThat(TestGallery.query(
                            service,
                            "select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid"
                                    + " where m.member = 'facestream_service'::regrole order by 1"))
                    .containsExactly(
                            "facestream_alerts",
                            "facestream_curation",
                            "facestream_embedding",
                            "facestream_enrolment",
                            "facestream_matching",
                            "facestream_sightings",
                            "facestream_training",
                            "facestream_web");
            assertThat(TestGallery.query(
                            service,
                            "select rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"))
                    .containsExactly("f f f");
            assertThat(TestGallery.query(
                            service,
                            "select 1 from pg_shdepend"
                                    + " where refobjid = 'facestream_service'::regrole and deptype = 'o'"))
                    .isEmpty();
            assertThatThrownBy(() -> execute(service, "create schema mine")).hasMessageContaining("permission denied");
            assertThatThrownBy(() -> connect(database, "facestream", SERVICES))
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void onlyAWholeDatabaseIsHealthy() throws Exception {
        List<String> healthcheck = ComposeFile.read().healthcheck("postgres");
        Path half =
                Files.writeString(folder.resolve("half.sh"), "#!/bin/sh\ncreatedb --username=postgres facestream\n");
        Files.setPosixFilePermissions(half, Files.getPosixFilePermissions(SCRIPT));
        Path none = Files.writeString(folder.resolve("none.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(none, Files.getPosixFilePermissions(SCRIPT));

        try (ComposeDatabase database = ComposeDatabase.start(SCRIPT, environment)) {
            database.check(healthcheck);
        }
        for (Path script : List.of(half, none)) {
            try (ComposeDatabase database = ComposeDatabase.start(script, environment)) {
                assertThatThrownBy(() -> database.check(healthcheck)).hasMessageContaining("does not exist");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "create role facestream_reader;"})
    void anOwnerOfAnotherServerWhoMayNotCreateRolesIsToldWhichToHaveMade(String roles) throws Exception {
        Path script = Files.writeString(
                folder.resolve("own.sh"),
                """
                #!/bin/sh
                psql --username=postgres --command="create role facestream login password 'mine'; %s"
                createdb --username=postgres --owner=facestream facestream
                psql --username=postgres --dbname=facestream --command='create extension vector'
                """
                        .formatted(roles));
        Files.setPosixFilePermissions(script, Files.getPosixFilePermissions(SCRIPT));
        try (ComposeDatabase database = ComposeDatabase.start(script, environment)) {
            PGSimpleDataSource owner = new PGSimpleDataSource();
            owner.setUrl("jdbc:postgresql://" + database.address() + "/facestream");
            owner.setUser("facestream");
            owner.setPassword("mine");

            Throwable failure = catchThrowable(() -> GallerySchema.migrate(owner));

            assertThat(Refusal.oneLine(failure))
                    .contains(
                            "may not create roles",
                            "create role facestream_embedding; create role facestream_matching;");
        }
    }

    @Test
    void anEmptyPasswordIsRefused() throws Exception {
        Files.writeString(folder.resolve("services"), "\n");

        assertThatThrownBy(() -> ComposeDatabase.start(SCRIPT, environment).close())
                .hasMessageContaining("is empty: it is to hold the password of facestream_service");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(ComposeDatabase database, String role, String password) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + database.address() + "/facestream", role, password);
    }
}
