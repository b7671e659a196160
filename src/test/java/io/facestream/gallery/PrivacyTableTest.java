package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.messaging.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** SECURITY.md says of every topic and table what is kept of whom. */
class PrivacyTableTest {
    private static final TestGallery DATABASE = TestGallery.of(PrivacyTableTest.class);
    private static final Pattern ROW = Pattern.compile("\\| ((?:`[^`]+`(?:, )?)+) \\|[^|]+\\|[^|]+\\|[^|]+\\|[^|]+\\|");

    private static List<String> rows(String heading) throws IOException {
        String table = Files.readString(Path.of("SECURITY.md"))
                .split("\\| " + heading + " \\|")[1]
                .split("\n\n")[0];
        return table.lines()
                .flatMap(line -> ROW.matcher(line).results())
                .flatMap(row -> Stream.of(row.group(1).replace("`", "").split(", ")))
                .toList();
    }

    @Test
    void everyTopicIsInTheTable() throws IOException {
        List<String> topics = Stream.concat(
                        Arrays.stream(Topic.values()).map(Topic::topicName), Stream.of("facestream-sightings-*"))
                .toList();

        assertThat(rows("topic")).containsExactlyInAnyOrderElementsOf(topics);
    }

    @Test
    void everyTableIsInTheTable() throws Exception {
        DATABASE.renew();

        assertThat(rows("table"))
                .containsExactlyInAnyOrderElementsOf(DATABASE.query(
                        "select c.relname from pg_class c where c.relnamespace = 'facestream'::regnamespace"
                                + " and c.relkind in ('r', 'p') and not c.relispartition"));
    }
}
