package io.facestream.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.cli.CommandRun;
import io.facestream.cli.terminal.Failures;
import io.facestream.detection.DetectionConfig;
import io.facestream.embedded.Endpoints;
import io.facestream.identities.MatchingConfig;
import io.facestream.messaging.TopicsConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

class SettingsTest {
    @TempDir
    private Path folder;

    private Path usersFile;
    private Endpoints embedded;

    @BeforeEach
    void runAnEmbeddedDefault() throws Exception {
        usersFile = folder.resolve("application.properties");
        Path passwords = Files.writeString(folder.resolve("passwords"), "127.0.0.1:*:*:facestream:secret");
        embedded = new Endpoints("127.0.0.1:1", "jdbc:postgresql://127.0.0.1:2/facestream", "facestream", passwords);
    }

    private static PGSimpleDataSource database(Settings settings) {
        return settings.database();
    }

    @Test
    void anEmbeddedDefaultIsFoundWhereNothingElseIsNamed() {
        assertThat(load().kafka().bootstrapServers()).isEqualTo("127.0.0.1:1");
        assertThat(database(load()).getPortNumbers()).containsExactly(2);
        assertThat(database(load()).getPassword()).isEqualTo("secret");
    }

    @Test
    void anEmbeddedDefaultIsWhatAServiceJoins() {
        assertThat(load().ofEmbeddedDefault()).isEqualTo(Settings.properties(embedded));
    }

    @Test
    void aServiceOfWhichABrokerIsNamedDoesNotJoin() throws Exception {
        Files.writeString(usersFile, "kafka.bootstrap.servers=broker:9092\n");

        assertThat(load().ofEmbeddedDefault()).isEmpty();
    }

    @Test
    void withoutOneTheServicesOwnDefaultsHold() {
        Settings settings = Settings.load(usersFile, Optional.empty(), List.of());

        assertThat(settings.kafka().bootstrapServers()).isEqualTo("localhost:9092");
        assertThat(database(settings).getServerNames()).containsExactly("localhost");
    }

    @Test
    void theUsersFileWinsOverAnEmbeddedDefault() throws Exception {
        Files.writeString(
                usersFile,
                """
                kafka.bootstrap.servers=broker:9092
                quarkus.datasource.jdbc.url=jdbc:postgresql://database:5432/people
                """);

        assertThat(load().kafka().bootstrapServers()).isEqualTo("broker:9092");
        assertThat(database(load()).getServerNames()).containsExactly("database");
    }

    @Test
    void systemPropertiesWinOverTheUsersFile() throws Exception {
        Files.writeString(usersFile, "kafka.bootstrap.servers=broker:9092");
        try (var ignored = new CommandRun.Properties(Map.of("kafka.bootstrap.servers", "another:9092"))) {
            assertThat(load().kafka().bootstrapServers()).isEqualTo("another:9092");
        }
    }

    @Test
    void aSettingThatDoesNotExistIsNamed() throws Exception {
        Files.writeString(usersFile, "facestream.matching.target-fprr=0.0001");

        assertThatThrownBy(this::load).hasMessageContaining("facestream.matching.target-fprr");
    }

    @ParameterizedTest
    @CsvSource({"2s, PT2S", "PT2S, PT2S", "1h, PT1H", "250ms, PT0.25S", "3, PT3S"})
    void durationsAreReadAsTheServiceReadsThem(String text, Duration expected) {
        try (var ignored = new CommandRun.Properties(Map.of("facestream.detection.max-frame-age", text))) {
            assertThat(load().get(DetectionConfig.class).maxFrameAge()).contains(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "facestream.matching.target-fpir, 7",
        "facestream.matching.target-fpir, 0",
        "facestream.matching.target-fpir, NaN",
        "facestream.matching.stranger-share, 1",
        "facestream.matching.threshold, 2.5",
        "facestream.matching.candidates, 1",
        "facestream.matching.max-poll-records, 0",
        "facestream.detection.loops, 0",
        "facestream.detection.max-frame-age, PT0S",
        "facestream.embedding.registry-interval, PT0S",
        "facestream.enrolment.dominance, 0.5",
        "facestream.topics.partitions, 0",
        "facestream.pictures.max-bytes, 8388609",
        "facestream.training.max-photos, -1",
        "facestream.embedding.device, tpu",
        "facestream.detection.smallest-face, wide"
    })
    void aValueThatASettingCannotHaveIsRefusedInOneLineThatNamesTheSetting(String setting, String value) {
        try (var ignored = new CommandRun.Properties(Map.of(setting, value))) {
            assertThatThrownBy(() -> load()).satisfies(refusal -> assertThat(Failures.oneLine(refusal))
                    .contains(setting)
                    .doesNotContain("$", "\n"));
        }
    }

    @Test
    void whatIsSetForARolesProfileIsCheckedWhereThatRoleRuns() throws Exception {
        Files.writeString(
                usersFile,
                """
                facestream.matching.target-fpir=0.01
                %matching.facestream.matching.target-fpir=7
                %training.kafka.bootstrap.servers=training-broker:9092
                """);

        assertThatThrownBy(() -> load(Role.DETECTION, Role.MATCHING))
                .satisfies(refusal -> assertThat(Failures.oneLine(refusal))
                        .contains("facestream.matching.target-fpir must be above 0 and below 1")
                        .doesNotContain("\n"));
        assertThat(load(Role.DETECTION).get(MatchingConfig.class).targetFpir()).isEqualTo(0.01);
        assertThat(load(Role.DETECTION, Role.TRAINING).kafka().bootstrapServers())
                .isEqualTo("training-broker:9092");
    }

    @Test
    void ofTwoRolesThatAreSetDifferentlyTheLaterOneHasItAsInTheService() throws Exception {
        Files.writeString(
                usersFile,
                """
                %detection.facestream.topics.partitions=3
                %training.facestream.topics.partitions=4
                """);

        assertThat(load(Role.DETECTION, Role.TRAINING).get(TopicsConfig.class).partitions())
                .isEqualTo(4);
    }

    private Settings load(Role... roles) {
        return Settings.load(usersFile, Optional.of(embedded), List.of(roles));
    }
}
