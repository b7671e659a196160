package io.facestream;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.facestream.messaging.Topic;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
    /** From the ground up: each may import those before it. */
    private static final List<String> DATA_PATH = List.of(
            "messaging",
            "database",
            "stages",
            "networks",
            "models",
            "frames",
            "faces",
            "detection",
            "embeddings",
            "gallery",
            "enrolment",
            "identities");

    private static final List<String> MEASURES = List.of("photos", "calibration");

    /** What each package may import of the others. */
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            Map.entry("messaging", Set.of()),
            Map.entry("database", Set.of()),
            Map.entry("networks", Set.of()),
            Map.entry("embedded", Set.of()),
            Map.entry("video", Set.of()),
            Map.entry("secrets", Set.of()),
            Map.entry("cameras", Set.of("messaging", "database", "stages", "frames", "video", "secrets")),
            Map.entry("stages", Set.of("messaging", "database")),
            Map.entry("channels", Set.of("messaging", "database")),
            Map.entry("models", Set.of("messaging", "database", "networks")),
            Map.entry("frames", Set.of("messaging", "video")),
            Map.entry("faces", Set.of("messaging", "networks", "frames")),
            Map.entry("detection", before("detection")),
            Map.entry("embeddings", without(before("embeddings"), "detection")),
            Map.entry("gallery", without(before("gallery"), "detection", "stages")),
            Map.entry("enrolment", before("enrolment")),
            Map.entry("identities", without(before("identities"), "detection", "enrolment")),
            Map.entry("photos", without(before("gallery"), "stages")),
            Map.entry("calibration", without(and("photos"), "stages", "enrolment")),
            Map.entry("evaluation", without(and(MEASURES, "sightings"), "stages", "enrolment")),
            Map.entry("training", and(MEASURES)),
            Map.entry(
                    "configuration",
                    without(
                            and("training", "embedded", "cameras", "sightings", "alerts", "curation", "web"),
                            "stages")),
            Map.entry("web", and("cameras", "curation", "secrets", "sightings", "training")),
            Map.entry(
                    "cli",
                    and(
                            MEASURES,
                            "evaluation",
                            "training",
                            "curation",
                            "configuration",
                            "embedded",
                            "video",
                            "cameras",
                            "secrets",
                            "sightings")),
            Map.entry("demo", and("configuration", "embedded", "cli", "sightings")),
            Map.entry("bench", and("configuration", "embedded", "cli", "demo", "video", "cameras", "sightings")),
            Map.entry("sightings", and("channels", "curation")),
            Map.entry("curation", without(before("identities"), "detection")),
            Map.entry("alerts", and("channels", "sightings", "secrets", "curation")));

    private static JavaClasses all;

    private static Set<String> before(String name) {
        return Set.copyOf(DATA_PATH.subList(0, DATA_PATH.indexOf(name)));
    }

    private static Set<String> without(Set<String> names, String... others) {
        return names.stream().filter(name -> !List.of(others).contains(name)).collect(Collectors.toSet());
    }

    private static Set<String> and(String... others) {
        return Stream.concat(DATA_PATH.stream(), Arrays.stream(others)).collect(Collectors.toSet());
    }

    private static Set<String> and(List<String> some, String... others) {
        return Stream.concat(some.stream(), and(others).stream()).collect(Collectors.toSet());
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

    /** Where JUnit 4 is on the class path, AssertJ 3.27 throws its exception, which JUnit 6 takes for an error. */
    @Test
    void assumptionsOfTestsAreJUnits() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.assertj.core.api.Assumptions")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                        .importPackages(ArchitectureTest.class.getPackageName()));
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        Set<String> found = all.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("io.facestream."))
                .map(name -> name.split("\\.", -1)[2])
                .collect(Collectors.toSet());

        assertThat(ALLOWED.keySet()).containsAll(found);
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
                .allowEmptyShould(true)
                .check(all);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.facestream.(**)").should().beFreeOfCycles().check(all);
    }

    @Test
    void classesHaveNoCycles() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return SliceIdentifier.of(sealedParent(outermost(type)).orElse(topLevel(type)));
                    }

                    @Override
                    public String getDescription() {
                        return "top-level classes";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(all);
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    /** A sealed interface and those that it permits are one thing, in however many files. */
    private static Optional<String> sealedParent(JavaClass type) {
        return type.getRawInterfaces().stream()
                .filter(parent -> parent.getPackageName().equals(type.getPackageName())
                        && parent.reflect().isSealed())
                .map(ArchitectureTest::topLevel)
                .findFirst();
    }

    @Test
    void noPackageIsTooLargeToReadInADay() throws IOException {
        Map<Path, Integer> lines = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                lines.merge(file.getParent(), Files.readAllLines(file).size(), Integer::sum);
            }
        }

        assertThat(lines).isNotEmpty().allSatisfy((folder, size) -> assertThat(size)
                .isLessThanOrEqualTo(2_500));
    }

    /**
     * In the TensorFlow engine of DJL 0.36.0, arithmetic on arrays that fails once makes every later operation of the
     * process fail (findings/djl-tensorflow-error-stays.sh). What a network needs is in its graph.
     */
    @Test
    void noArithmeticIsDoneOnTheNetworksArrays() {
        Set<String> reading = Set.of("getShape", "getDataType", "toFloatArray", "toByteBuffer", "getName", "close");
        noClasses()
                .should()
                .callMethodWhere(describe(
                        "do more than read an array",
                        call -> call.getTargetOwner().isAssignableTo(NDArray.class)
                                && !reading.contains(call.getName())))
                .check(all);
    }

    @Test
    void nobodyImportsTheWebButForItsSettings() {
        noClasses()
                .that(resideOutsideOfPackages("io.facestream.web..", "io.facestream.configuration.."))
                .should()
                .dependOnClassesThat(resideInAPackage("io.facestream.web.."))
                .check(all);
    }

    @Test
    void onlyStagesTheirBatchesMessagingAndTheCommandLineKnowTopics() {
        noClasses()
                .that(resideOutsideOfPackages(
                                "io.facestream.messaging..",
                                "io.facestream.stages..",
                                "io.facestream.cli..",
                                "io.facestream.demo..",
                                "io.facestream.bench..")
                        .and(describe("are no stage, batch or topic", type -> !knowsTopics(type))))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Topic.class)
                .check(all);
    }

    private static boolean knowsTopics(JavaClass type) {
        return Stream.of("Stage", "Batch", "Topic").anyMatch(topLevel(type)::endsWith);
    }

    private static String topLevel(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }

    @Test
    void aPackageHasAtMostOneStage() {
        Map<String, List<String>> stages = all.stream()
                .filter(type -> type.getSimpleName().endsWith("Stage"))
                .collect(Collectors.groupingBy(
                        JavaClass::getPackageName, Collectors.mapping(JavaClass::getSimpleName, Collectors.toList())));

        assertThat(stages)
                .containsOnlyKeys(
                        "io.facestream.alerts",
                        "io.facestream.cameras",
                        "io.facestream.curation",
                        "io.facestream.detection",
                        "io.facestream.embeddings",
                        "io.facestream.enrolment",
                        "io.facestream.identities",
                        "io.facestream.sightings",
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
