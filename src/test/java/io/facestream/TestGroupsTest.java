package io.facestream;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which process a test runs in. */
class TestGroupsTest {
    private static final Pattern OWN_APPLICATIONS = Pattern.compile("<own.applications>(.*)</own.applications>");

    /** Profiles whose application a process starts for all its tests, or for the one that may spoil it. */
    private static final Set<String> COMMON = Set.of(AllRoles.class.getName(), WebApi.OnKafka.class.getName());

    private static boolean isCommon(JavaClass test) {
        Object profile = test.getAnnotationOfType(TestProfile.class.getName())
                .get("value")
                .orElseThrow();
        return COMMON.contains(((JavaClass) profile).getName());
    }

    @Test
    void thoseWithAnApplicationOfTheirOwnAreMetByNoOtherProcess() throws Exception {
        Matcher property = OWN_APPLICATIONS.matcher(Files.readString(Path.of("pom.xml")));
        assertThat(property.find()).isTrue();
        Predicate<String> leftOut = Pattern.compile(property.group(1)).asMatchPredicate();

        Set<JavaClass> tests = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS).importPackages("io.facestream").stream()
                        .filter(test -> test.isAnnotatedWith(QuarkusTest.class))
                        .collect(Collectors.toSet());

        assertThat(tests).isNotEmpty().allSatisfy(test -> assertThat(leftOut.test(test.getSimpleName()))
                .as(test.getName())
                .isEqualTo(!isCommon(test)));
    }
}
