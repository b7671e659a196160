package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/sql.md} tells SQL users, as one of them. */
class SqlDocumentTest {
    private static final Path DOCUMENT = Path.of("docs/sql.md");
    private static final Pattern QUERY = Pattern.compile("(?s)```sql\n(.*?)```");
    private static final Pattern TABLE = Pattern.compile("(?m)^\\| `([^|]*)` \\| [^|]* \\|[^|]*\\|$");

    private static final TestGallery GALLERY = TestGallery.of(SqlDocumentTest.class);

    @BeforeAll
    static void fill() throws SQLException {
        GALLERY.renew();
        List<UUID> people = GALLERY.addPeople(20);
        GALLERY.execute("update facestream.identity set name = 'Grace_Hopper' where name = 'person 7'");
        GALLERY.addVersion("wide-1", 192, people, new Random(1));
        GALLERY.execute("update facestream.model_version set status = 'standby' where status = 'active';"
                + " update facestream.model_version set status = 'active' where version = 'wide-1'");
        GALLERY.execute(
                """
                select facestream.make_sighting_days(array[current_date]);
                insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind, identity_id,
                    first_seen, last_seen, first_appended_at, last_appended_at, frames, best)
                select '/cameras/lobby', 'a#' || row_number() over (), current_date, 1, 'left', 'lobby', 'person', i.id,
                    now() - interval '1 minute', now(), now(), now(), 300, '{}'
                from facestream.identity i where i.kind = 'person';
                insert into facestream.alert_outbox (id, rule, target, source, sighting_id, subject, sequence, change,
                    camera, kind, first_seen, last_seen, first_appended_at, last_appended_at, frames, best, cool_down,
                    state, due_at)
                values (gen_random_uuid(), 'night', 'phone', '/cameras/lobby', 'a#1', 'unknown', 1, 'appeared', 'lobby',
                    'unknown', now(), now(), now(), now(), 2, '{}', interval '0', 'sent', now());
                insert into facestream.alert_rule values
                    ('all', true, false, true, '{}', '{*}', '{}', 'UTC', '0', '{gone}')""");
    }

    static Stream<String> queries() throws Exception {
        return QUERY.matcher(Files.readString(DOCUMENT)).results().map(match -> match.group(1));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void aQueryHasRowsForAReader(String query) throws Exception {
        try (Connection reader = GALLERY.reader()) {
            assertThat(TestGallery.query(reader, query)).isNotEmpty();
        }
    }

    private static List<String> columns(String view) throws SQLException {
        List<String> columns = GALLERY.query("select attname from pg_attribute where attrelid = 'facestream." + view
                + "'::regclass and attnum > 0 order by attnum");
        assertThat(columns).isNotEmpty();
        return columns;
    }

    @Test
    void theTablesOfColumnsAndArgumentsAreComplete() throws Exception {
        List<String> documented = TABLE.matcher(Files.readString(DOCUMENT))
                .results()
                .flatMap(match -> Stream.of(match.group(1).split("`, `")))
                .toList();

        List<String> arguments = GALLERY.query("select unnest(proargnames) from pg_proc where proname = 'match_face'");
        assertThat(arguments).hasSize(9);
        assertThat(documented)
                .containsExactlyElementsOf(Stream.of(
                                columns("gallery"),
                                columns("people"),
                                columns("photos"),
                                arguments,
                                columns("sighting_log"),
                                columns("alert_log"),
                                columns("alert_rules"),
                                columns("erasures"),
                                columns("audit"))
                        .flatMap(List::stream)
                        .toList());
    }

    @Test
    void aPersonIsDeletedAsTheOperationsDocumentSays() throws Exception {
        GALLERY.execute("insert into facestream.identity (kind, name) values ('person', 'Somebody_Else')");
        String deletion = QUERY.matcher(Files.readString(Path.of("docs/operations.md")))
                .results()
                .map(match -> match.group(1))
                .filter(sql -> sql.contains("erase_person"))
                .findFirst()
                .orElseThrow();
        String revision = GALLERY.query("select (last_value, is_called)::text from facestream.gallery_revision")
                .get(0);

        assertThat(GALLERY.query(deletion.replace("Grace_Hopper", "Somebody_Else")))
                .contains("identity 1 0", "template 0 0");

        assertThat(GALLERY.query("select name from facestream.identity where name = 'Somebody_Else'"))
                .isEmpty();
        assertThat(GALLERY.query("select facestream.fenced(sha256('Somebody_Else')) > now()"))
                .containsExactly("t");
        assertThat(GALLERY.query("select action from facestream.audit")).contains("erase");
        assertThat(GALLERY.query("select (last_value, is_called)::text from facestream.gallery_revision"))
                .doesNotContain(revision);
    }

    @Test
    void aReaderSeesNeitherPhotosNorWeightsNorEmbeddingsOfPhotos() throws Exception {
        try (Connection reader = GALLERY.reader()) {
            for (String table : List.of(
                    "face_sample",
                    "model_weights",
                    "face_embedding",
                    "template",
                    "identity",
                    "sighting",
                    "sighting_shot",
                    "negative",
                    "negative_embedding")) {
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> TestGallery.query(reader, "select * from facestream." + table))
                        .withMessageContaining("permission denied");
            }
        }
    }
}
