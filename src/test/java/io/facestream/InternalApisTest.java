package io.facestream;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.facestream.database.Refusal;
import io.facestream.database.Sql;
import io.facestream.embedded.EmbeddedKafka;
import jakarta.persistence.EntityManager;
import java.lang.reflect.Executable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What libraries keep to themselves, and may change with any version, is used by one class each; so is JDBC. After an
 * upgrade, this says what has changed, and which class needs it.
 */
class InternalApisTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.facestream");

    private static DescribedPredicate<JavaClass> otherThan(String... names) {
        return DescribedPredicate.describe("classes other than " + String.join(", ", names), type -> Arrays.stream(
                        names)
                .noneMatch(name -> type.getName().equals(name) || type.getName().startsWith(name + "$")));
    }

    @Test
    void onlyTheEmbeddedBrokerUsesWhatIsInsideKafka() {
        noClasses()
                .that(otherThan(EmbeddedKafka.class.getName()))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "kafka..",
                        "org.apache.kafka.controller..",
                        "org.apache.kafka.coordinator..",
                        "org.apache.kafka.image..",
                        "org.apache.kafka.metadata..",
                        "org.apache.kafka.network..",
                        "org.apache.kafka.raft..",
                        "org.apache.kafka.server..",
                        "org.apache.kafka.storage..",
                        "org.apache.kafka..internals.."))
                .check(ALL);
    }

    @Test
    void onlyTheExplanationOfFailedMigrationsUsesWhatIsInsideFlyway() {
        noClasses()
                .that(otherThan("io.facestream.gallery.FailedMigration"))
                .should()
                .dependOnClassesThat(resideInAPackage("org.flywaydb.core.internal.."))
                .check(ALL);
    }

    @Test
    void onlyRefusalsReadTheTranslationsOfTheDatabasesDriver() {
        noClasses()
                .that(otherThan(Refusal.class.getName()))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.postgresql.util.GT")
                .check(ALL);
    }

    /** The embedded server is filled before there is a schema. */
    @Test
    void thereIsOneWayToTheDatabaseBesideEntities() {
        DescribedPredicate<JavaClass> others = otherThan(Sql.class.getName(), "io.facestream.embedded.PostgresCluster");
        noClasses()
                .that(others)
                .should()
                .callMethod(DataSource.class, "getConnection")
                .check(ALL);
        noClasses()
                .that(others)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Connection.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Statement.class)
                .check(ALL);
        noClasses()
                .should()
                .callMethod(EntityManager.class, "createNativeQuery", String.class)
                .check(ALL);
    }

    /** As the class file of EmbeddedKafka and FailedMigration name them, at Kafka 4.1.2 and Flyway 12.0.0. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "EmbeddedKafka: kafka.server.KafkaConfig fromProps(java.util.Properties)",
                "EmbeddedKafka: kafka.server.KafkaRaftServer kafka.server.KafkaRaftServer(kafka.server.KafkaConfig,"
                        + "org.apache.kafka.common.utils.Time)",
                "EmbeddedKafka: kafka.server.KafkaRaftServer startup()",
                "EmbeddedKafka: kafka.server.KafkaRaftServer shutdown()",
                "EmbeddedKafka: kafka.server.KafkaRaftServer awaitShutdown()",
                "EmbeddedKafka: org.apache.kafka.metadata.storage.Formatter setClusterId(java.lang.String)",
                "EmbeddedKafka: org.apache.kafka.metadata.storage.Formatter setNodeId(int)",
                "EmbeddedKafka: org.apache.kafka.metadata.storage.Formatter setDirectories(java.util.Collection)",
                "EmbeddedKafka: org.apache.kafka.metadata.storage.Formatter setMetadataLogDirectory(java.lang.String)",
                "EmbeddedKafka: org.apache.kafka.metadata.storage.Formatter"
                        + " setControllerListenerName(java.lang.String)",
                "EmbeddedKafka: org.apache.kafka.metadata.storage.Formatter setPrintStream(java.io.PrintStream)",
                "EmbeddedKafka: org.apache.kafka.metadata.storage.Formatter run()",
                "EmbeddedKafka: org.apache.kafka.common.utils.Exit setExitProcedure("
                        + "org.apache.kafka.common.utils.Exit$Procedure)",
                "EmbeddedKafka: org.apache.kafka.common.utils.Exit setHaltProcedure("
                        + "org.apache.kafka.common.utils.Exit$Procedure)",
                "FailedMigration: org.flywaydb.core.internal.exception.FlywayMigrateException getMigration()",
                "Refusal: org.postgresql.util.GT tr(java.lang.String,java.lang.Object[])",
            })
    void whatIsUsedIsStillThere(String used) throws Exception {
        String[] words = used.split(" ", 3);
        Class<?> type = Class.forName(words[1]);

        List<String> members = Stream.of(type.getMethods(), type.getConstructors())
                .flatMap(Arrays::stream)
                .map(InternalApisTest::signature)
                .toList();

        assertThat(members)
                .as(words[0] + " uses " + words[1] + ", which this version of the library may have changed")
                .contains(words[2]);
    }

    private static String signature(Executable member) {
        return member.getName()
                + Arrays.stream(member.getParameterTypes())
                        .map(type -> type.isArray() ? type.getComponentType().getName() + "[]" : type.getName())
                        .collect(java.util.stream.Collectors.joining(",", "(", ")"));
    }

    /** Loggers are named after them, which no compiler looks at. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.kafka.controller.QuorumController",
                "org.apache.kafka.clients.NetworkClient",
                "kafka.server.ControllerApis"
            })
    void whatIsSilencedIsStillThere(String logger) throws Exception {
        assertThat(Files.readString(Path.of("src/main/java/io/facestream/embedded/EmbeddedKafka.java")))
                .contains('"' + logger + '"');
        assertThatCode(() -> Class.forName(logger, false, InternalApisTest.class.getClassLoader()))
                .as("EmbeddedKafka silences a logger of that name")
                .doesNotThrowAnyException();
    }
}
