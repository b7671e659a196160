package io.facestream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents for people: what they link to exists, and they can be read in a terminal. */
class DocumentsTest {
    private static final int LONGEST_README = 220;
    private static final int LONGEST_LINE = 120;

    private static final Path README = Path.of("README.md");
    private static final Path DECISIONS = Path.of("docs/decisions");

    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");

    /** {@code [text](target)} and {@code ![text](target)}. */
    private static final Pattern LINK = Pattern.compile("]\\(([^()\\s]+)\\)");

    /** {@code [label]: target}. */
    private static final Pattern DEFINITION = Pattern.compile("(?m)^\\[([^\\]]+)]: (\\S+)$");

    /** {@code [label]} that is no other kind of link. */
    private static final Pattern REFERENCE = Pattern.compile("(?<![\\]!\\w])\\[([^\\]\\n]+)](?![(:\\[])");

    /** The names in the first column of a row: {@code | `one`, `another` | ...}. */
    private static final Pattern PACKAGES = Pattern.compile("(?m)^\\| `(.*?)` \\|");

    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            List<Path> all = new ArrayList<>(docs.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList());
            all.add(README);
            all.add(Path.of("CONTRIBUTING.md"));
            all.add(Path.of("CHANGELOG.md"));
            all.add(Path.of("findings/README.md"));
            return all.stream();
        }
    }

    @Test
    void theReadmeIsShort() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(LONGEST_README);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aLineFitsATerminal(Path document) throws IOException {
        assertThat(Files.readAllLines(document))
                .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(LONGEST_LINE));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aRelativeLinkLeadsToAFileAndToAHeadingOfIt(Path document) throws IOException {
        for (String target : targets(prose(document))) {
            URI uri = URI.create(target);
            if (uri.isAbsolute()) {
                continue;
            }
            Path file = uri.getPath().isEmpty()
                    ? document
                    : document.resolveSibling(uri.getPath()).normalize();
            assertThat(file).as("%s links to %s", document, target).exists();
            if (uri.getFragment() != null) {
                assertThat(anchors(file))
                        .as("%s links to %s", document, target)
                        .contains(URLDecoder.decode(uri.getRawFragment(), StandardCharsets.UTF_8));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aNameInBracketsIsDefinedAndADefinitionIsUsed(Path document) throws IOException {
        String prose = prose(document);
        Set<String> defined = new HashSet<>();
        DEFINITION.matcher(prose).results().forEach(definition -> defined.add(definition.group(1)));
        Set<String> used = new HashSet<>();
        REFERENCE
                .matcher(CODE.matcher(prose).replaceAll(""))
                .results()
                .forEach(reference -> used.add(reference.group(1)));
        assertThat(used).isEqualTo(defined);
    }

    @Test
    void everyDecisionIsListedUnderItsNumberAndNamesWhatObeysIt() throws IOException {
        String index = Files.readString(DECISIONS.resolve("README.md"));
        try (Stream<Path> files = Files.list(DECISIONS)) {
            List<Path> records =
                    files.filter(file -> !file.endsWith("README.md")).sorted().toList();
            assertThat(records).isNotEmpty();
            for (int i = 0; i < records.size(); i++) {
                Path file = records.get(i);
                String number = String.format(Locale.ROOT, "%04d", i + 1);
                String text = Files.readString(file);
                assertThat(file.getFileName().toString()).startsWith(number + "-");
                assertThat(text).startsWith("# " + number + " ");
                assertThat(text)
                        .as(file.toString())
                        .contains("\n## Context\n", "\n## Decision\n", "\n## Consequences\n", "\nObeyed by ");
                assertThat(index).contains("[" + number + "](" + file.getFileName() + ")");
            }
        }
    }

    @Test
    void theArchitectureListsEveryPackage() throws IOException {
        String section = Files.readString(Path.of("docs/architecture.md"))
                .split("\n## Packages\n", 2)[1]
                .split("\n## ", 2)[0];
        Set<String> listed = new TreeSet<>();
        PACKAGES.matcher(section)
                .results()
                .forEach(row -> listed.addAll(List.of(row.group(1).split("`, `"))));
        Path root = Path.of("src/main/java/io/facestream");
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.filter(file -> file.endsWith("package-info.java"))
                            .map(file -> root.relativize(file.getParent()))
                            .filter(folder -> !folder.toString().isEmpty())
                            .map(folder -> folder.toString().replace('/', '.')))
                    .containsExactlyInAnyOrderElementsOf(listed);
        }
    }

    /** Without blocks of code, in which brackets mean something else. */
    private static String prose(Path document) throws IOException {
        return CODE_BLOCK.matcher(Files.readString(document)).replaceAll("");
    }

    private static List<String> targets(String prose) {
        List<String> targets = new ArrayList<>();
        LINK.matcher(prose).results().forEach(link -> targets.add(link.group(1)));
        DEFINITION.matcher(prose).results().forEach(definition -> targets.add(definition.group(2)));
        return targets;
    }

    /** As GitHub makes them of headings: lower case, blanks to hyphens, without punctuation. */
    private static Set<String> anchors(Path document) throws IOException {
        Set<String> anchors = new HashSet<>();
        Matcher headings = HEADING.matcher(prose(document));
        while (headings.find()) {
            anchors.add(headings.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }
}
