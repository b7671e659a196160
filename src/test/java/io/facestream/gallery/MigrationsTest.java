package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.messaging.PlainName;
import io.facestream.models.ModelRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationsTest {
    private static final TestGallery GALLERY = TestGallery.of(MigrationsTest.class);

    private static final List<String> TABLES = List.of(
            "identity",
            "face_sample",
            "model_version",
            "model_weights",
            "face_embedding",
            "template",
            "erasure",
            "training_command");

    /** Whatever a migration makes, and who owns it and may use it. */
    private static final String CATALOG =
            """
            select 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid), p.proowner::regrole::text,
                    p.proacl::text
                from pg_proc p where p.pronamespace = 'facestream'::regnamespace
            union all
            select 'relation ' || c.relkind::text, c.relname,
                    case when c.relkind = 'v' then pg_get_viewdef(c.oid)
                         when c.relkind in ('i', 'I') then pg_get_indexdef(c.oid) end,
                    c.relowner::regrole::text, c.relacl::text
                from pg_class c where c.relnamespace = 'facestream'::regnamespace
            union all
            select 'column', c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
                    a.attacl::text
                from pg_attribute a join pg_class c on c.oid = a.attrelid
                where c.relnamespace = 'facestream'::regnamespace and a.attnum > 0 and not a.attisdropped
            union all
            select 'trigger', t.tgrelid::regclass::text, pg_get_triggerdef(t.oid), t.tgenabled::text, null
                from pg_trigger t join pg_class c on c.oid = t.tgrelid
                where c.relnamespace = 'facestream'::regnamespace and not t.tgisinternal
            union all
            select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid), null, null
                from pg_constraint where connamespace = 'facestream'::regnamespace
            order by 1, 2, 3""";

    private static final String PERSON_WITH_PHOTO =
            """
            insert into facestream.identity (id, kind, name)
                values ('00000000-0000-0000-0000-000000000001', 'person', 'Ada');
            insert into facestream.face_sample (identity_id, sha256, chip, enrolled, quality,
                    source_topic, source_partition, source_offset)
                values ('00000000-0000-0000-0000-000000000001', sha256('photo'), 'chip', true, '{}',
                    'labelled-faces', 1, 42);
            """;

    @BeforeEach
    void dropEverything() throws SQLException {
        GALLERY.execute("drop schema if exists facestream cascade");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3", "4"})
    void aDatabaseOfAnEarlierVersionKeepsItsDataAndGainsTheSqlInterface(String version) throws Exception {
        GALLERY.migrateTo(version);
        GALLERY.execute(
                """
                insert into facestream.identity (id, kind, name, metadata)
                    values ('00000000-0000-0000-0000-000000000001', 'person', 'Ada', '{"staff": 7}'),
                        ('00000000-0000-0000-0000-000000000004', 'person', 'Bob', '{}');
                insert into facestream.face_sample (id, identity_id, sha256, chip, enrolled, quality,
                        source_topic, source_partition, source_offset)
                    values ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001',
                        sha256('photo'), 'chip', true, '{"size": 90}', 'labelled-faces', 1, 42);
                insert into facestream.model_version (version, architecture, dimensions, input_side, mirror_averaging,
                        status, threshold, separation, sha256)
                    values ('first-1', 'test', 3, 112, true, 'active', 0.9, 0.1, sha256('weights'));
                insert into facestream.model_weights values ('first-1', 'weights');
                select facestream.create_model_partitions('first-1', 3);
                select facestream.attach_model_partitions('first-1');
                insert into facestream.face_embedding
                    values ('first-1', '00000000-0000-0000-0000-000000000002', '[0,0.6,0.8]', 70);
                insert into facestream.template (model_version, identity_id, embedding, samples)
                    values ('first-1', '00000000-0000-0000-0000-000000000001', '[0,0.6,0.8]', 1),
                        ('first-1', '00000000-0000-0000-0000-000000000004', '[1,0,0]', 1);
                insert into facestream.erasure (name_sha256) values (sha256('Eve'));
                insert into facestream.training_command (id, command)
                    values ('00000000-0000-0000-0000-000000000003', '{"epochs": 20}');
                select nextval('facestream.gallery_revision')""");
        List<List<String>> before = contents();

        GallerySchema.migrate(GALLERY.dataSource());

        assertThat(contents()).isEqualTo(before).noneMatch(List::isEmpty);
        assertThat(GALLERY.query(
                        "select name, samples, enrolled_samples, model_version, centroid from facestream.gallery"))
                .containsExactlyInAnyOrder("Ada 1 1 first-1 [0,0.6,0.8]", "Bob 0 0 first-1 [1,0,0]");
        assertThat(GALLERY.query("select name, decision, model_version from facestream.match_face('[0,0.6,0.8]')"))
                .containsExactly("Ada KNOWN first-1", "Bob UNKNOWN first-1");
        assertThat(GALLERY.query("select activated_at = created_at, retired_at from facestream.model_version"))
                .containsExactly("t null");
    }

    @Test
    void anAuditTrailIsKeptAndHasFurtherDeedsFromThenOn() throws Exception {
        GALLERY.migrateTo("10");
        GALLERY.execute(
                """
                insert into facestream.identity (id, kind, name)
                    values ('00000000-0000-0000-0000-000000000001', 'person', 'Ada');
                insert into facestream.face_sample (identity_id, sha256, chip, enrolled, quality,
                        source_topic, source_partition, source_offset)
                    values ('00000000-0000-0000-0000-000000000001', sha256('photo'), 'chip', true, '{}',
                        'labelled-faces', 1, 42);
                update facestream.identity set name = 'Ada L.'""");
        assertThat(GALLERY.query("select deed, name_sha256 = sha256('Ada') from facestream.audit"))
                .containsExactly("enrol t");

        GallerySchema.migrate(GALLERY.dataSource());

        assertThat(GALLERY.query("select deed, name_hmac = facestream.trail_name('Ada'), detail ->> 'photo'"
                        + " from facestream.audit where name_hmac is not null"))
                .containsExactly("enrol t labelled-faces-1@42");
        GALLERY.execute("update facestream.identity set name = 'Ada'");
        assertThat(GALLERY.query("select deed from facestream.audit where name_hmac is not null order by id"))
                .containsExactly("enrol", "rename");
    }

    /** Five spellings of one name, which builds before 16 stored as five people. */
    @Test
    void peopleWhoseNamesLookEqualStayAsTheyAreAndAreListed() throws Exception {
        GALLERY.migrateTo("11");
        String name = "Zo\u00e9 M\u00fcller";
        String decomposed = java.text.Normalizer.normalize(name, java.text.Normalizer.Form.NFD);
        List<String> names =
                List.of(name, decomposed, "zo\u00e9 m\u00dcller", name.replace(' ', '\u00a0'), name + "\u200b", "Ada");
        for (int i = 0; i < names.size(); i++) {
            GALLERY.execute("insert into facestream.identity (id, kind, name, created_at) values"
                    + " ('00000000-0000-0000-0000-00000000000" + i + "', 'person', '" + names.get(i)
                    + "', now() + interval '" + i + " s')");
        }

        GallerySchema.migrate(GALLERY.dataSource());

        assertThat(GALLERY.query("select name from facestream.identity order by created_at"))
                .isEqualTo(names);
        assertThat(GallerySchema.nameTwins(GALLERY.dataSource()))
                .singleElement()
                .asString()
                .startsWith("People whose names look alike: \"" + name + "\", \"" + decomposed + "\", ")
                .contains("(the first is 00000000-0000-0000-0000-000000000000)")
                .doesNotContain("Ada");
        // They can still be updated and renamed, and new names are plain.
        GALLERY.execute("update facestream.identity set updated_at = now()");
        for (String refused : List.of(decomposed + " B.", name + "\u200b B.", "A  B", " A")) {
            assertThatThrownBy(() -> GALLERY.execute(
                            "insert into facestream.identity (kind, name) values ('person', '" + refused + "')"))
                    .hasMessageContaining("a name is in Unicode NFC");
        }
        GALLERY.execute("update facestream.identity set name = facestream.plain_name(name) || ' 2' where name = '"
                + decomposed + "'");
        // As `gallery merge` does it.
        GALLERY.execute("insert into facestream.gallery_command (id, kind, state, answer) values"
                + " ('00000000-0000-0000-0000-0000000000ff', 'merge', 'done', '{}')");
        assertThat(GALLERY.query("select merged from facestream.merge_people('00000000-0000-0000-0000-0000000000ff',"
                        + " array['00000000-0000-0000-0000-000000000002'], '00000000-0000-0000-0000-000000000000')"))
                .containsExactly("1");
        assertThat(GALLERY.query("select id from facestream.identity where merged_into is not null"))
                .containsExactly("00000000-0000-0000-0000-000000000002");
        assertThat(GALLERY.query("select facestream.folded_name('\uff3a\uff2f\u00c9\u3000 m\u00fcller')"))
                .containsExactly("zo\u00e9 m\u00fcller");
    }

    @Test
    void namesThatAReaderTakesForOneAreThoseInTheDatabaseAndOnDisk() throws Exception {
        GallerySchema.migrate(GALLERY.dataSource());
        Map<String, String> alike = Map.ofEntries(
                Map.entry("STRASSE", "Stra\u00dfe"),
                Map.entry("STRA\u1e9eE", "strasse"),
                Map.entry("\u039d\u0399\u039a\u039f\u03a3", "\u039d\u03b9\u03ba\u03bf\u03c2"),
                Map.entry("\u0130stanbul", "istanbul"),
                Map.entry("I\u0307stanbul", "Istanbul"),
                Map.entry("D\u0131l", "Dil"),
                Map.entry("\uff21da", "ada"),
                Map.entry("M\u00dcLLER", "m\u00fcller"),
                Map.entry("i\u0307stanbul", "istanbul"),
                Map.entry("ISTANBUL", "\u0131stanbul"),
                Map.entry("J\u030c", "\u01f0"),
                Map.entry("\u0399\u0308\u0301", "\u0390"),
                Map.entry("\ud801\udc00", "\ud801\udc28"),
                Map.entry("Se\ufb01", "sefi"),
                Map.entry("\u0645\u06cc\u200c\u0634\u0648\u062f", "\u0645\u06cc\u0634\u0648\u062f"),
                Map.entry("A\u00a0\u3000B", "a b"),
                Map.entry("Fi\u3164\ufe0fl", "fil"));
        for (Map.Entry<String, String> pair : alike.entrySet()) {
            String inDatabase = folded(pair.getKey());
            assertThat(folded(pair.getValue())).as(pair.toString()).isEqualTo(inDatabase);
            assertThat(PlainName.folded(pair.getKey())).as(pair.toString()).isEqualTo(inDatabase);
            assertThat(PlainName.folded(pair.getValue())).as(pair.toString()).isEqualTo(inDatabase);
        }
        assertThat(GALLERY.query("select facestream.folded_name('Ole') = facestream.folded_name('\u00d8le')"))
                .containsExactly("f");
    }

    private static String folded(String name) throws SQLException {
        return GALLERY.query("select facestream.folded_name('" + name + "')").get(0);
    }

    /**
     * Between letters, each character of planes 0 and 1 that this JVM knows, but for ideographs and Hangul, which
     * have no case.
     */
    @Test
    void databaseAndDiskFoldAndRefuseTheSameOfUnicode() throws Exception {
        GallerySchema.migrate(GALLERY.dataSource());
        for (int first = 0; first < 0x20000; first += 0x2000) {
            List<Integer> known = IntStream.range(Math.max(1, first), first + 0x2000)
                    .filter(n -> Character.isDefined(n) && Character.getType(n) != Character.SURROGATE)
                    .filter(n -> !Character.isIdeographic(n)
                            && Character.UnicodeBlock.of(n) != Character.UnicodeBlock.HANGUL_SYLLABLES)
                    .boxed()
                    .toList();
            String from = " from unnest('{" + known.toString().replaceAll("[^0-9,]", "") + "}'::int[]) n";

            List<String> folded = GALLERY.query(
                    "select format('%s ', to_hex(n)) || facestream.folded_name('a' || chr(n) || 'b')" + from);
            assertThat(folded)
                    .isEqualTo(known.stream()
                            .map(n ->
                                    Integer.toHexString(n) + " " + PlainName.folded("a" + Character.toString(n) + "b"))
                            .toList());

            // white space is told by plain_name()
            assertThat(GALLERY.query("select to_hex(n)" + from + " where chr(n) ~ facestream.invisible_characters()"))
                    .isEqualTo(known.stream()
                            .filter(n -> isRefused("a" + Character.toString(n) + "b"))
                            .map(Integer::toHexString)
                            .toList());
        }
    }

    private static boolean isRefused(String name) {
        try {
            PlainName.of(name);
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** One of each kind that io.facestream.messaging.PlainName refuses. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0007",
                "\u00ad",
                "\u034f",
                "\u061c",
                "\u115f",
                "\u17b4",
                "\u180b",
                "\u180e",
                "\u200b",
                "\u202e",
                "\u2060",
                "\u2800",
                "\u3164",
                "\ue000",
                "\ufe0f",
                "\ufeff",
                "\uffa0",
                "\udb40\udc20",
                "\udb40\udd00",
                "\u200d",
                "\u200c"
            })
    void whatCannotBeSeenIsInNoNameOfTheDatabaseEither(String invisible) throws Exception {
        GallerySchema.migrate(GALLERY.dataSource());

        assertThatThrownBy(() -> PlainName.of("fill" + invisible + "er")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GALLERY.execute(
                        "insert into facestream.identity (kind, name) values ('person', 'fill" + invisible + "er')"))
                .hasMessageContaining("nothing that cannot be seen")
                .hasMessageNotContaining("fill");
        // a joiner that a Persian name is spelt with
        GALLERY.execute("insert into facestream.identity (kind, name) values ('person', '"
                + PlainName.of("\u0645\u06cc\u200c\u0634\u0648\u062f") + "')");
    }

    @Test
    void whatHeldTheHashOfANameHoldsAnHmacOfItAndMeansTheSamePerson() throws Exception {
        GALLERY.migrateTo("11");
        GALLERY.execute(
                """
                insert into facestream.identity (kind, name) values ('person', 'Ada');
                update facestream.identity set name = 'Ada L.';
                insert into facestream.training_command (id, command, created_at)
                    values ('00000000-0000-0000-0000-000000000003', '{"command": "fine-tune"}', '2026-01-02Z');
                insert into facestream.training_person
                    values ('00000000-0000-0000-0000-000000000003', sha256('Eve')),
                        ('00000000-0000-0000-0000-000000000003', sha256('Bob')),
                        ('00000000-0000-0000-0000-000000000003', sha256('Old'));
                insert into facestream.erasure (name_sha256, erased_at)
                    values (sha256('Eve'), '2026-01-03Z'), (sha256('Old'), '2026-01-01Z')""");

        GallerySchema.migrate(GALLERY.dataSource());

        assertThat(GALLERY.query("select (facestream.fenced(sha256('Eve')) - interval '1 minute') at time zone 'UTC',"
                        + " facestream.fenced(sha256('Bob'))"))
                .containsExactly("2026-01-03 00:00:00 null");
        assertThat(GALLERY.query("select n, p.erased_at is not null from unnest(array['Eve', 'Bob', 'Old']) n"
                        + " join facestream.training_person p on p.name_hmac = facestream.trail_name(n) order by n"))
                .containsExactly("Bob f", "Eve t", "Old f");
        assertThat(GALLERY.query("select name_hmac = facestream.trail_name('Ada L.'),"
                        + " detail ->> 'from' = encode(facestream.trail_name('Ada'), 'hex')"
                        + " from facestream.audit where deed = 'rename'"))
                .containsExactly("t t");
        for (String table : List.of("audit", "erasure", "training_person")) {
            assertThat(GALLERY.query("select 1 from facestream." + table + " t, unnest(array['Ada', 'Ada L.', 'Eve',"
                            + " 'Bob', 'Old']) n where t::text like '%' || encode(sha256(n::bytea), 'hex') || '%'"))
                    .as("bare hashes in " + table)
                    .isEmpty();
        }
    }

    @Test
    void namesThatPeopleHadAreKnownToErasuresAndThePlannerHasNoVectorsAnyMore() throws Exception {
        GALLERY.migrateTo("35");
        GALLERY.addTwoVersions();
        GALLERY.execute(
                """
                insert into facestream.identity (id, kind, name) values (uuid_nil_of(1), 'person', 'Ada Lovelace');
                insert into facestream.identity (id, kind) values (uuid_nil_of(2), 'stranger');
                insert into facestream.identity_alias (name, identity_id) values ('Ada Byron', uuid_nil_of(1));
                insert into facestream.gallery_command (id, kind, state, answer)
                    values (uuid_nil_of(3), 'rename', 'done', '{}');
                insert into facestream.gallery_undo (command_id, identity_id, name)
                    values (uuid_nil_of(3), uuid_nil_of(1), 'Ada King');
                insert into facestream.stranger_chip (id, identity_id, sha256, chip, quality, source_topic,
                        source_partition, source_offset)
                    select md5(n::text)::uuid, uuid_nil_of(2), sha256(n::text::bytea), 'chip', '{}', 'topic', 0, n
                    from generate_series(1, 3) n;
                insert into facestream.stranger_embedding (model_version, chip_id, embedding, norm)
                    select 'first-1', md5(n::text)::uuid, ('[1,0,' || n || ']')::vector, 70
                    from generate_series(1, 3) n;
                analyze"""
                        .replaceAll("uuid_nil_of\\((\\d)\\)", "'00000000-0000-0000-0000-00000000000$1'"));
        String samples = "select distinct attname from pg_stats"
                + " where tablename like 'stranger_embedding%' and attname in ('embedding', 'norm') order by 1";
        assertThat(GALLERY.query(samples)).containsExactly("embedding", "norm");

        TestGallery.migrateSchema(GALLERY.dataSource());
        assertThat(GALLERY.query(samples)).as("kept by nothing").containsExactly("norm");
        GALLERY.execute("analyze");

        assertThat(GALLERY.query(samples)).as("taken by nothing").containsExactly("norm");
        assertThat(GALLERY.query("select name from facestream.identity_name order by 1"))
                .containsExactly("Ada Byron", "Ada King", "Ada Lovelace");
    }

    @Test
    void anEmptyDatabaseGetsTheShippedNetworkAndASecondRunChangesNothing() throws Exception {
        assertThat(GallerySchema.migrate(GALLERY.dataSource()).migrations()).isEqualTo(TestGallery.migrationsFrom(1));
        List<List<String>> before = contents();

        assertThat(GallerySchema.migrate(GALLERY.dataSource()).summary()).isEqualTo("The schema is up to date.");

        assertThat(contents()).isEqualTo(before);
        ModelRegistry registry = new ModelRegistry(GALLERY.dataSource());
        assertThat(registry.active().dimensions()).isEqualTo(192);
        assertThat(registry.weights(registry.active())).isNotEmpty();
    }

    @Test
    void aDatabaseThatLacksMigrationsIsToldToBeMigrated() throws Exception {
        assertThatThrownBy(() -> GallerySchema.requireMigrated(GALLERY.dataSource()))
                .hasMessageContaining("run `facestream migrate`");
        assertThat(GALLERY.query("select 1 from pg_namespace where nspname = 'facestream'"))
                .isEmpty();
        GALLERY.migrateTo("7");
        assertThatThrownBy(() -> GallerySchema.requireMigrated(GALLERY.dataSource()))
                .hasMessage("the database lacks " + TestGallery.migrationsFrom(8)
                        + " migrations of this build, from 8 (roles) on: run `facestream migrate`");

        GallerySchema.migrate(GALLERY.dataSource());

        assertThatCode(() -> GallerySchema.requireMigrated(GALLERY.dataSource()))
                .doesNotThrowAnyException();
        GALLERY.execute("update facestream.flyway_schema_history set success = false where version = '9'");
        assertThatThrownBy(() -> GallerySchema.requireMigrated(GALLERY.dataSource()))
                .hasMessage(
                        "the database lacks 1 migrations of this build, from 9 (audit) on: run `facestream migrate`");
    }

    @Test
    void anUpgradedDatabaseHasTheSameFunctionsViewsAndRightsAsANewOne() throws Exception {
        GALLERY.migrateTo("16");
        GALLERY.execute(PERSON_WITH_PHOTO);
        GallerySchema.migrate(GALLERY.dataSource());
        List<String> upgraded = GALLERY.query(CATALOG);
        dropEverything();

        GallerySchema.migrate(GALLERY.dataSource());

        assertThat(GALLERY.query(CATALOG)).isEqualTo(upgraded).hasSizeGreaterThan(100);
        assertThat(GALLERY.query("select a.grantee::regrole, a.privilege_type from pg_proc p, aclexplode(p.proacl) a"
                        + " where p.proname = 'match_face' and a.grantee <> p.proowner"))
                .containsExactly("facestream_reader EXECUTE");
    }

    @Test
    void functionsOfAnEarlierBuildAreRenewedAndKeepTheirOwnerAndWhomTheyAreGranted() throws Exception {
        GallerySchema.migrate(GALLERY.dataSource());
        GALLERY.execute("drop role if exists clerk; create role clerk;"
                + " grant execute on function facestream.match_face(vector, int, text, float8) to clerk");
        try {
            List<String> thisBuilds = GALLERY.query(CATALOG);
            GALLERY.execute(
                    """
                    create or replace function facestream.match_face(
                            probe vector, k int default 5, version text default null, target_fpir float8 default 0.005)
                        returns table (identity_id uuid, name text, distance real, decision text, model_version text)
                        language sql as 'select null::uuid, null, null::real, null, null';
                    update facestream.flyway_schema_history set checksum = 1 where script = 'R__search.sql'""");
            assertThat(GALLERY.query(CATALOG)).isNotEqualTo(thisBuilds);
            assertThatThrownBy(() -> GallerySchema.requireMigrated(GALLERY.dataSource()))
                    .hasMessage(
                            "the database lacks this build's functions and views (search): run `facestream migrate`");

            GallerySchema.Migrated migrated = GallerySchema.migrate(GALLERY.dataSource());

            assertThat(migrated.summary()).isEqualTo("Functions and views were renewed: search.");
            assertThat(GALLERY.query(CATALOG)).isEqualTo(thisBuilds);
            GallerySchema.requireMigrated(GALLERY.dataSource());
            assertThat(GallerySchema.migrate(GALLERY.dataSource()).summary()).isEqualTo("The schema is up to date.");
        } finally {
            GALLERY.execute("drop schema facestream cascade; drop role clerk");
        }
    }

    @Test
    void onADatabaseOfALaterBuildRolesStartAndItsFunctionsStay() throws Exception {
        GallerySchema.migrate(GALLERY.dataSource());
        GALLERY.execute(
                """
                insert into facestream.flyway_schema_history
                        (installed_rank, version, description, type, script, checksum, installed_by, execution_time,
                            success)
                    values (1000, '99', 'later', 'SQL', 'V99__later.sql', 1, 'somebody', 1, true),
                        (1001, null, 'search', 'SQL', 'R__search.sql', 2, 'somebody', 1, true),
                        (1002, null, 'strangers', 'SQL', 'R__strangers.sql', 3, 'somebody', 1, true);
                create or replace function facestream.count_templates(version text) returns bigint
                    language sql as 'select 99'""");

        GallerySchema.requireMigrated(GALLERY.dataSource());
        GallerySchema.Migrated migrated = GallerySchema.migrate(GALLERY.dataSource());

        assertThat(migrated.summary()).isEqualTo("A later build has migrated the database: nothing was changed.");
        assertThat(GALLERY.query("select facestream.count_templates('any')")).containsExactly("99");
    }

    @Test
    void twoThatMigrateAtOnceDoItOnce() throws Exception {
        List<CompletableFuture<GallerySchema.Migrated>> both = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> {
                            try {
                                return GallerySchema.migrate(GALLERY.dataSource());
                            } catch (SQLException e) {
                                throw new IllegalStateException(e);
                            }
                        }))
                .limit(2)
                .toList();

        List<GallerySchema.Migrated> ran =
                both.stream().map(CompletableFuture::join).toList();

        // Flyway 12 holds its lock for one migration at a time: the two may share them
        assertThat(ran.stream().mapToLong(GallerySchema.Migrated::migrations).sum())
                .isEqualTo(TestGallery.migrationsFrom(1));
        assertThat(ran.stream().flatMap(each -> each.renewed().stream()))
                .containsExactlyInAnyOrder(
                        "archive",
                        "audit trail",
                        "curation",
                        "erase person",
                        "erasure receipt",
                        "negatives",
                        "page",
                        "rest",
                        "rules",
                        "search",
                        "strangers");
        GallerySchema.requireMigrated(GALLERY.dataSource());
        assertThat(GALLERY.query("select count(*) from facestream.model_version"))
                .containsExactly("1");
    }

    @Test
    void whoeverMayReadTheAuditTrailGoesOnReadingItsColumnByTheOldNameAndByTheNew() throws Exception {
        GALLERY.migrateTo("16");
        GALLERY.execute(
                PERSON_WITH_PHOTO
                        + """
                drop role if exists auditor; create role auditor;
                drop role if exists clerk; create role clerk;
                grant usage on schema facestream to auditor, clerk;
                grant select on facestream.audit to auditor with grant option;
                grant select (id, deed) on facestream.audit to clerk""");
        try {
            GALLERY.migrateTo("18");
            // By the functions that are there until those of this build have taken their place.
            GALLERY.execute("delete from facestream.face_sample");
            GallerySchema.migrate(GALLERY.dataSource());
            GALLERY.execute("update facestream.identity set name = 'Ada L.'");

            for (String reader : List.of("auditor", "clerk")) {
                assertThat(readAs(
                                reader,
                                "select deed, action from facestream.audit where deed <> 'add-model' order by id"))
                        .containsExactly("enrol enrol", "delete-photo delete-photo", "rename rename");
            }
            assertThat(readAs("auditor", "select count(name_hmac) from facestream.audit"))
                    .containsExactly("3");
            assertThatThrownBy(() -> readAs("clerk", "select name_hmac from facestream.audit"))
                    .hasMessageContaining("permission denied");
            assertThat(GALLERY.query("select a.grantee::regrole, a.is_grantable from pg_class c, aclexplode(c.relacl) a"
                            + " where c.oid = 'facestream.audit'::regclass and a.grantee <> c.relowner"))
                    .containsExactly("auditor t");
            for (String change :
                    List.of("update facestream.audit set who = 'nobody'", "delete from facestream.audit")) {
                assertThatThrownBy(() -> GALLERY.execute(change))
                        .hasMessageContaining("the audit trail is append-only");
            }
        } finally {
            GALLERY.execute("drop schema facestream cascade; drop role auditor, clerk");
        }
    }

    private static List<String> readAs(String role, String query) throws SQLException {
        try (Connection connection = GALLERY.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("grant " + role + " to current_user; set role " + role);
            return TestGallery.query(connection, query);
        }
    }

    /** Its index was made with the function as it was. */
    @Test
    void peopleAreFoundByNamesThatAreFoldedOtherwiseNow() throws Exception {
        GALLERY.migrateTo("16");
        String name = "Al\u06ddan"; // an end of ayah, which earlier builds took for a letter
        GALLERY.execute("insert into facestream.identity (kind, name) values ('person', '" + name + "')");
        String query = "select i.name from facestream.identity i where i.kind = 'person'"
                + " and facestream.folded_name(i.name) = facestream.folded_name('ALAN')";

        GallerySchema.migrate(GALLERY.dataSource());

        try (Connection connection = GALLERY.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set enable_seqscan = off");
            assertThat(TestGallery.query(connection, "explain " + query))
                    .anyMatch(line -> line.contains("identity_folded_name"));
            assertThat(TestGallery.query(connection, query)).containsExactly(name);
        }
    }

    /** Without columns that came later. */
    private static List<List<String>> contents() throws SQLException {
        List<List<String>> contents = new java.util.ArrayList<>();
        for (String table : TABLES) {
            // Without what later versions added, or took away.
            String changed = table.equals("training_command")
                    ? "'kind', 'end_offsets', 'cancel_requested', 'attempts', 'version', 'objection', 'epochs',"
                            + " 'result', 'announced', 'checkpoint'"
                    : "'predecessor', 'activated_at', 'retired_at', 'removed_at', 'name_sha256', 'name_hmac',"
                            + " 'merged_into', 'ignored'";
            contents.add(GALLERY.query("select md5((to_jsonb(t) - array[" + changed + "])::text) from facestream."
                    + table + " t order by 1"));
        }
        contents.add(GALLERY.query("select last_value from facestream.gallery_revision"));
        return contents;
    }
}
