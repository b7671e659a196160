package io.facestream.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.facestream.embedded.TestServices;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exceptions of the real driver and client; {@code SecureConnectionsTest} covers those of TLS and logins. */
class RefusalTest {
    private static final TestServices.Postgres POSTGRES = TestServices.postgresOf(RefusalTest.class);

    @Test
    void aPasswordThatIsNotGivenIsARefusedLogin() {
        Throwable failure =
                catchThrowable(() -> DriverManager.getConnection(POSTGRES.jdbcUrl(), POSTGRES.userName(), null)
                        .close());

        assertThat(Refusal.explain(failure)).hasValueSatisfying(line -> assertThat(line)
                .startsWith("the database refuses the login (")
                .contains("check quarkus.datasource.username, quarkus.datasource.password"));
    }

    @Test
    void aDatabaseThatTheServerDoesNotHaveIsNamed() {
        Throwable failure = catchThrowable(() -> DriverManager.getConnection(
                        POSTGRES.jdbcUrl().replaceFirst("/[^/]*$", "/nowhere"),
                        POSTGRES.userName(),
                        POSTGRES.password())
                .close());

        assertThat(Refusal.explain(failure)).hasValueSatisfying(line -> assertThat(line)
                .startsWith("the database server has no such database (")
                .contains("nowhere", "check quarkus.datasource.jdbc.url"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select * from no_such_table",
                "select no_such_function(1)",
                "select no_such_column from pg_class",
                "select no_such_schema.some_function()"
            })
    void whateverTheSchemaLacksIsAskedToBeMigrated(String query) {
        Throwable failure = catchThrowable(() -> {
            try (Connection connection =
                            DriverManager.getConnection(POSTGRES.jdbcUrl(), POSTGRES.userName(), POSTGRES.password());
                    Statement statement = connection.createStatement()) {
                statement.execute(query);
            }
        });

        assertThat(Refusal.explain(failure)).hasValueSatisfying(line -> assertThat(line)
                .startsWith("the database does not have this build's schema (")
                .endsWith("run `facestream migrate` as its owner"));
    }

    /** The driver says it in the language of the JVM. */
    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "ja"})
    void aServerWithoutTlsIsToldOfInAnyLanguageOfTheDriver(String language) throws Exception {
        Process client = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.language=" + language,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Client.class.getName(),
                        POSTGRES.jdbcUrl() + (POSTGRES.jdbcUrl().contains("?") ? "&" : "?") + "sslmode=require")
                .redirectErrorStream(true)
                .start();
        String said = new String(client.getInputStream().readAllBytes(), UTF_8);
        assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(said.strip())
                .isEqualTo("the database speaks no TLS there: check quarkus.datasource.jdbc.url and sslmode in"
                        + " quarkus.datasource.jdbc.url");
    }

    /** In a JVM of its own. */
    static final class Client {
        private Client() {}

        public static void main(String[] arguments) {
            try {
                DriverManager.getConnection(arguments[0], "nobody", "nothing").close();
            } catch (SQLException e) {
                System.out.println(Refusal.oneLine(e));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no semicolon      | org.apache.kafka.common.security.scram.ScramLoginModule required username=\"a\""
                        + " password=\"SECRET\"",
                "no control flag   | org.apache.kafka.common.security.scram.ScramLoginModule username=\"SECRET\";",
                "no such flag      | org.apache.kafka.common.security.scram.ScramLoginModule SECRET username=\"a\";",
                "no value          | org.apache.kafka.common.security.scram.ScramLoginModule required SECRET;",
                "two modules       | org.apache.kafka.common.security.scram.ScramLoginModule required a=\"b\";"
                        + " a.SECRET required;",
                "no such module    | com.example.SECRET required username=\"a\" password=\"b\";"
            })
    void aJaasLineThatKafkaCannotReadIsNamedAndNotShown(String what, String line) {
        Throwable failure = catchThrowable(() -> new KafkaProducer<>(
                        java.util.Map.<String, Object>of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                "127.0.0.1:1",
                                "security.protocol",
                                "SASL_PLAINTEXT",
                                "sasl.mechanism",
                                "SCRAM-SHA-512",
                                "sasl.jaas.config",
                                line),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())
                .close());

        assertThat(Refusal.explain(failure)).as(what + ": " + failure).hasValueSatisfying(said -> assertThat(said)
                .startsWith("kafka.sasl.jaas.config can't be read")
                .doesNotContain("SECRET"));
    }

    @Test
    void whatIsNoRefusalIsToldAsItIs() {
        Throwable failure = new IllegalStateException("the disk is full", new SQLException("no space", "53100"));

        assertThat(Refusal.explain(failure)).isEmpty();
        assertThat(Refusal.oneLine(failure)).contains("the disk is full");
        assertThat(List.of(Refusal.oneLine(failure).lines().toList())).hasSize(1);
    }
}
