package io.facestream.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.facestream.ComposeFile;
import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingNamesTest {
    private final SettingNames names = new SettingNames(Settings.MAPPINGS);

    @Test
    void everyMappingOfTheServiceIsLookedAt() {
        assertThat(new ClassFileImporter()
                                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                                .importPackages("io.facestream")
                                .stream()
                                .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                                .map(JavaClass::getName))
                .containsExactlyInAnyOrderElementsOf(
                        Settings.MAPPINGS.stream().map(Class::getName).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FACESTREAM_HOME",
                "FACESTREAM_JAVA",
                "FACESTREAM_JAVA_OPTS",
                "FACESTREAM_INSTANCE",
                "FACESTREAM_DETECTION_SMALLEST_FACE",
                "facestream_detection_smallest_face",
                "FACESTREAM_TRAINING_SCRATCH",
                "FACESTREAM_DETECTION_CAMERAS__LOBBY__MAX_FRAME_AGE",
                "FACESTREAM_DETECTION_CAMERAS__FRONT_DOOR_2__MAX_FRAME_AGE",
                "FACESTREAM_DETECTION_CAMERAS_LOBBY_MAX_FRAME_AGE",
                "_MATCHING_FACESTREAM_MATCHING_TARGET_FPIR",
                "_PROD_FACESTREAM_MATCHING_TARGET_FPIR",
                "__DETECTION_MATCHING__FACESTREAM_TOPICS_PARTITIONS",
                // what Kubernetes and linked containers tell of services
                "FACESTREAM_SERVICE_HOST",
                "FACESTREAM_MATCHING_SERVICE_PORT_MANAGEMENT",
                "FACESTREAM_PORT",
                "FACESTREAM_MATCHING_PORT_9000_TCP_ADDR",
                // other people's
                "MY_FACESTREAM_CAMERA",
                "PATH",
                "_"
            })
    void aNameOfTheEnvironmentThatIsGoodPasses(String name) {
        assertThatCode(() -> names.checkEnvironment(List.of(name))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "FACESTREAM_MATCHING_TARGET_FPRR, FACESTREAM_MATCHING_TARGET_FPIR",
        "FACESTREAM_MACHTING_TARGET_FPIR, FACESTREAM_MATCHING_TARGET_FPIR",
        "FACESTREAM_DETECTION_SMALEST_FACE, FACESTREAM_DETECTION_SMALLEST_FACE",
        "FACESTREAM_DETECTION_CAMERAS__LOBBY__MAX_FRAME_AG, FACESTREAM_DETECTION_CAMERAS__NAME__MAX_FRAME_AGE",
        "_MATCHING_FACESTREAM_MATCHING_TARGETFPIR, FACESTREAM_MATCHING_TARGET_FPIR",
        "FACESTREAM_INSTANZ, FACESTREAM_INSTANCE",
        "FACESTREAM_HOMES, FACESTREAM_HOME",
        "facestream_topics_partition, FACESTREAM_TOPICS_PARTITIONS"
    })
    void aMisspeltNameIsRefusedWithTheNearestOne(String misspelt, String meant) {
        assertThatThrownBy(() -> names.checkEnvironment(List.of("HOME", misspelt)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(misspelt + ",")
                .hasMessageContaining("did you mean " + meant + "?")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aNameThatResemblesNoneIsRefusedToo() {
        assertThatThrownBy(() -> names.checkEnvironment(List.of("FACESTREAM_COLOUR_OF_THE_SKY")))
                .hasMessage("the environment has FACESTREAM_COLOUR_OF_THE_SKY, which is not a setting:"
                        + " docs/configuration.md lists them");
    }

    @Test
    void aProfileThatIsNoRoleIsRefused() {
        assertThatThrownBy(() -> names.checkEnvironment(List.of("_MATCHNG_FACESTREAM_MATCHING_TARGET_FPIR")))
                .hasMessageContaining("_MATCHNG_FACESTREAM_MATCHING_TARGET_FPIR, which names an unknown profile")
                .hasMessageContaining("MATCHING");
        assertThatThrownBy(() -> names.checkProperties(
                        "config/application.properties", List.of("%matchng.facestream.matching.target-fpir")))
                .hasMessageContaining("which names an unknown profile");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "facestream.matching.target-fpir",
                "%matching.facestream.matching.target-fpir",
                "%{detection,matching}.facestream.topics.partitions",
                "facestream.detection.cameras.\"front.door\".max-frame-age",
                "facestream.detection.cameras.lobby.max-frame-age",
                "facestream.instance",
                "facestream.clone",
                "quarkus.management.port"
            })
    void aPropertyThatIsGoodPasses(String name) {
        assertThatCode(() -> names.checkProperties("a file", List.of(name))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "facestream.machting.target-fpir, facestream.matching.target-fpir",
        "%matching.facestream.matching.target-fprr, facestream.matching.target-fpir",
        "facestream.instnace, facestream.instance"
    })
    void aMisspeltPropertyIsRefusedWhateverItsPrefix(String misspelt, String meant) {
        assertThatThrownBy(() -> names.checkProperties("a file", List.of(misspelt)))
                .hasMessage("a file has " + misspelt + ", which is not a setting: did you mean " + meant + "?");
    }

    @Test
    void theEnvironmentOfTheComposeFilePasses() throws Exception {
        Set<String> variables = new TreeSet<>();
        ComposeFile.read().tree().path("services").forEach(service -> service.path("environment")
                .fieldNames()
                .forEachRemaining(variables::add));

        assertThat(variables).contains("FACESTREAM_TRAINING_SCRATCH");
        assertThatCode(() -> names.checkEnvironment(variables)).doesNotThrowAnyException();
    }
}
