package io.facestream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.facestream.embedded.ComposeBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The compose file against its schema, and what it promises about exposure and secrets. */
class ComposeTest {
    private JsonSchema schema;
    private JsonNode file;

    @BeforeEach
    void read() throws Exception {
        // draft 4's ids, which later drafts refuse; nothing refers to them
        schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V201909)
                .getSchema(Files.readString(Path.of("src/test/resources/compose/compose-spec.json"))
                        .replaceAll("\"id\": \"[^\"]*\",", ""));
        file = ComposeFile.read().tree();
    }

    @Test
    void itIsValid() {
        assertThat(schema.validate(file)).isEmpty();
    }

    @Test
    void aWrongKeyWouldBeNoticed() {
        ((ObjectNode) file.at("/services/detection")).putObject("enviroment");

        assertThat(schema.validate(file)).isNotEmpty();
    }

    @Test
    void everyPortIsPublishedToThisMachineOnly() {
        assertThat(file.findValues("ports")).hasSize(4).allSatisfy(ports -> assertThat(ports)
                .allSatisfy(port -> assertThat(port.asText()).startsWith("127.0.0.1:")));
    }

    @Test
    void passwordsComeFromFiles() {
        assertThat(file.get("services"))
                .allSatisfy(service -> service.path("environment").fields().forEachRemaining(setting -> {
                    if (setting.getKey().contains("PASSWORD")) {
                        assertThat(setting.getValue().asText()).contains("/run/secrets/");
                    }
                }));
    }

    @Test
    void onlyTheMigrationHasTheOwnersLogin() throws Exception {
        ComposeFile compose = new ComposeFile(file);

        assertThat(compose.ownServices().stream().filter(service -> compose.strings("/services/" + service + "/secrets")
                        .contains("database_password")))
                .containsExactly("migrate");
        assertThat(compose.environment("migrate"))
                .containsEntry("QUARKUS_DATASOURCE_USERNAME", "facestream")
                .containsEntry("QUARKUS_DATASOURCE_PASSWORD", "${file::/run/secrets/database_password}");
        assertThat(List.of("embedding", "matching", "enrolment", "curation", "training", "embedding-gpu"))
                .allSatisfy(service -> assertThat(compose.environment(service))
                        .containsEntry("QUARKUS_DATASOURCE_USERNAME", "facestream_service")
                        .containsEntry("QUARKUS_DATASOURCE_PASSWORD", "${file::/run/secrets/service_password}"));
    }

    @Test
    void everyNameInTheEnvironmentIsASettingOfTheApplication() throws Exception {
        ComposeFile compose = new ComposeFile(file);

        assertThat(compose.ownServices()).hasSize(12).allSatisfy(service -> assertThat(EnvironmentNames.known())
                .containsAll(compose.environment(service).keySet()));
    }

    /** Alerts are about figures of every role. */
    @Test
    void everyRoleIsScraped() throws Exception {
        ComposeFile compose = new ComposeFile(file);
        JsonNode monitoring =
                new ObjectMapper().valueToTree(new Yaml().load(Files.readString(Path.of("monitoring/prometheus.yml"))));
        List<String> scraped = new ArrayList<>();
        monitoring.at("/scrape_configs/0/dns_sd_configs/0/names").forEach(name -> scraped.add(name.asText()));

        assertThat(scraped)
                .containsExactlyInAnyOrderElementsOf(compose.ownServices().stream()
                        .filter(service -> compose.command(service).contains("--roles"))
                        .toList());
    }

    @Test
    void theBrokerTakesItsSettings() {
        Map<String, String> settings = ComposeBroker.settings(new ComposeFile(file).environment("kafka"));

        assertThat(AbstractKafkaConfig.CONFIG_DEF.names()).containsAll(settings.keySet());
        assertThat(KafkaConfig.fromProps(Utils.mkProperties(settings)).nodeId()).isEqualTo(1);
    }
}
