package io.facestream;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.facestream.messaging.Topic;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packages' order, as the package documentation of {@code io.facestream} draws it. */
class ArchitectureTest {
    private static final Set<String> DATA_PATH =
            Set.of("messaging", "models", "frames", "faces", "embeddings", "gallery", "identities");

    /** What each package may import of the others. */
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            Map.entry("messaging", Set.of()),
            Map.entry("embedded", Set.of()),
            Map.entry("cameras", Set.of()),
            Map.entry("models", Set.of("messaging")),
            Map.entry("frames", Set.of("messaging")),
            Map.entry("faces", Set.of("messaging", "models", "frames")),
            Map.entry("embeddings", Set.of("messaging", "models", "frames", "faces")),
            Map.entry("gallery", Set.of("messaging", "models", "frames", "faces", "embeddings")),
            Map.entry("identities", Set.of("messaging", "models", "frames", "faces", "embeddings", "gallery")),
            Map.entry("evaluation", DATA_PATH),
            Map.entry("training", and("evaluation")),
            Map.entry("web", DATA_PATH),
            Map.entry("cli", and("evaluation", "training", "embedded", "cameras")));

    private static JavaClasses all;

    private static Set<String> and(String... others) {
        return Stream.concat(DATA_PATH.stream(), Arrays.stream(others)).collect(Collectors.toSet());
    }

    @BeforeAll
    static void readClasses() {
        all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ArchitectureTest.class.getPackageName());
    }

    static Stream<String> packages() {
        return new TreeSet<>(ALLOWED.keySet()).stream();
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        Set<String> found = all.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("io.facestream."))
                .map(name -> name.split("\\.", -1)[2])
                .collect(Collectors.toSet());

        assertThat(found).isEqualTo(ALLOWED.keySet());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageImportsOnlyWhatComesBeforeItOnTheDataPath(String name) {
        String[] allowed = Stream.concat(Stream.of(name), ALLOWED.get(name).stream())
                .map(ArchitectureTest::packageAndBelow)
                .toArray(String[]::new);

        classes()
                .that()
                .resideInAPackage(packageAndBelow(name))
                .should()
                .onlyDependOnClassesThat(
                        resideOutsideOfPackage("io.facestream..").or(resideInAnyPackage(allowed)))
                .check(all);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.facestream.(*)..").should().beFreeOfCycles().check(all);
    }

    @Test
    void nobodyImportsTheCommandLineOrTheWeb() {
        for (String leaf : List.of("io.facestream.cli..", "io.facestream.web..")) {
            noClasses()
                    .that(resideOutsideOfPackage(leaf))
                    .should()
                    .dependOnClassesThat(resideInAPackage(leaf))
                    .check(all);
        }
    }

    @Test
    void onlyStagesTheirBatchesMessagingAndTheCommandLineKnowTopics() {
        noClasses()
                .that(resideOutsideOfPackage("io.facestream.messaging..")
                        .and(resideOutsideOfPackage("io.facestream.cli.."))
                        .and(describe("are neither a stage nor a batch", type -> !isStageOrBatch(type))))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Topic.class)
                .check(all);
    }

    private static boolean isStageOrBatch(JavaClass type) {
        String topLevel = type.getName().replaceFirst("\\$.*", "");
        return topLevel.endsWith("Stage") || topLevel.endsWith("Batch");
    }

    @Test
    void aPackageHasAtMostOneStage() {
        Map<String, List<String>> stages = all.stream()
                .filter(type -> type.getSimpleName().endsWith("Stage"))
                .collect(Collectors.groupingBy(
                        JavaClass::getPackageName, Collectors.mapping(JavaClass::getSimpleName, Collectors.toList())));

        assertThat(stages)
                .containsOnlyKeys(
                        "io.facestream.faces",
                        "io.facestream.embeddings",
                        "io.facestream.gallery",
                        "io.facestream.identities",
                        "io.facestream.training")
                .allSatisfy((name, inPackage) -> assertThat(inPackage).hasSize(1));
    }

    @Test
    void whatABeanNeedsComesThroughItsConstructor() {
        fields().should()
                .notBeAnnotatedWith(Inject.class)
                .andShould()
                .notBeAnnotatedWith(ConfigProperty.class)
                .check(all);
    }

    @Test
    void timesAreThoseOfJavaTime() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Date.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Calendar.class)
                .check(all);
    }

    private static String packageAndBelow(String name) {
        return "io.facestream." + name + "..";
    }
}
