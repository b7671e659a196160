package io.facestream.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.cli.CommandRun;
import io.facestream.gallery.TestGallery;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A migration that the database refuses leaves nothing behind, says what to mend, and runs once that is done. */
class MigrateCommandTest {
    private static final TestGallery GALLERY = TestGallery.of(MigrateCommandTest.class);

    /** Everything that a migration can make: relations, functions, triggers, types, rights, roles. */
    private static final String CATALOG =
            """
            select 'relation', oid::regclass::text, coalesce(relacl::text, '')
                from pg_class where relnamespace = to_regnamespace('facestream')
            union all select 'function', oid::regprocedure::text, md5(prosrc) || coalesce(proacl::text, '')
                from pg_proc where pronamespace = to_regnamespace('facestream')
            union all select 'column', attrelid::regclass || '.' || attname, atttypid::regtype::text
                from pg_attribute join pg_class c on c.oid = attrelid
                where c.relnamespace = to_regnamespace('facestream')
            union all select 'trigger', tgrelid::regclass::text, tgname from pg_trigger
            union all select 'type', typname, '' from pg_type where typnamespace = to_regnamespace('facestream')
            union all select 'schema', nspname, nspacl::text from pg_namespace
            union all select 'role', rolname, '' from pg_roles
            union all select 'migration', version, success::text from facestream.flyway_schema_history
            order by 1, 2, 3""";

    /** In the order in which they run. */
    private static final String RENEWED =
            ", and functions and views were renewed: archive, audit trail, curation, erase person, erasure receipt,"
                    + " negatives, page, rest, rules, search, strangers.\n";

    @BeforeEach
    void anEmptyDatabase() throws Exception {
        GALLERY.execute("drop schema if exists facestream cascade");
    }

    private static CommandRun migrate(Map<String, String> settings) {
        try (var ignored = new CommandRun.Properties(settings)) {
            return CommandRun.of("migrate");
        }
    }

    private static CommandRun migrate() {
        return migrate(GALLERY.asProperties());
    }

    private static void assertOneLine(CommandRun run, String... expected) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("facestream migrate: ").contains(expected);
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void whatLiesInAMigrationsWayIsNamedAndWhatItHadMadeBeforeIsUndone() throws Exception {
        GALLERY.migrateTo("8");
        // the last thing that migration 9 makes
        GALLERY.execute("create function facestream.export_weights(version text) returns text return 'mine'");
        List<String> before = GALLERY.query(CATALOG);

        CommandRun run = migrate();

        assertOneLine(
                run,
                "migration 9 (audit) failed and was rolled back: ERROR: function \"export_weights\" already exists",
                "fix that, then run `facestream migrate` again");
        assertThat(GALLERY.query(CATALOG)).isEqualTo(before);

        GALLERY.execute("drop function facestream.export_weights(text)");
        assertThat(migrate())
                .isEqualTo(new CommandRun(0, TestGallery.migrationsFrom(9) + " migrations ran" + RENEWED, ""));
    }

    @Test
    void anOwnerWhoMayNotCreateRolesIsToldWhichOnesAreNeededAndThatIsEnough() throws Exception {
        GALLERY.dropMigrated();
        GALLERY.execute(
                """
                drop role if exists facestream_embedding, facestream_matching, facestream_sightings, facestream_alerts,
                    facestream_enrolment, facestream_curation, facestream_training, facestream_web;
                drop role if exists plain;
                create role plain login password 'plain';
                grant create on database facestream to plain;
                grant plain to facestream""");
        Map<String, String> settings = new HashMap<>(GALLERY.asProperties());
        settings.put("quarkus.datasource.username", "plain");
        settings.put("quarkus.datasource.password", "plain");
        try {
            CommandRun run = migrate(settings);

            assertOneLine(run, "migration 8 (roles) failed and was rolled back: ", "plain may not create roles");
            assertThat(GALLERY.query(
                            "select max(version::int), bool_and(success) from facestream.flyway_schema_history"))
                    .containsExactly("7 t");
            assertThat(GALLERY.query("select 1 from pg_roles where rolname like 'facestream\\_e%'"))
                    .isEmpty();

            follow(run);
            run = migrate(settings);
            assertOneLine(run, "migration 19 (sightings) failed and was rolled back: ", "plain may not create roles");
            follow(run);
            run = migrate(settings);
            assertOneLine(run, "migration 20 (alerts) failed and was rolled back: ", "plain may not create roles");
            follow(run);
            run = migrate(settings);
            assertOneLine(run, "migration 22 (curation) failed and was rolled back: ", "plain may not create roles");
            follow(run);
            run = migrate(settings);
            assertOneLine(run, "migration 23 (web) failed and was rolled back: ", "plain may not create roles");
            follow(run);
            long rest = TestGallery.migrationsFrom(23);
            assertThat(migrate(settings))
                    .isEqualTo(
                            new CommandRun(0, rest + (rest == 1 ? " migration ran" : " migrations ran") + RENEWED, ""));
        } finally {
            GALLERY.execute("drop schema if exists facestream cascade; drop owned by plain; drop role plain");
        }
    }

    /** Does as superuser what the command advised. */
    private static void follow(CommandRun refused) throws SQLException {
        Matcher advice = Pattern.compile("run \"(.*)\" as superuser").matcher(refused.err());
        assertThat(advice.find()).as(refused.err()).isTrue();
        GALLERY.execute(advice.group(1));
    }

    @Test
    void aUserWhoMayNotMakeTheSchemaIsToldWhoMay() throws Exception {
        GALLERY.execute("drop role if exists nobody; create role nobody login password 'nobody'");
        Map<String, String> settings = new HashMap<>(GALLERY.asProperties());
        settings.put("quarkus.datasource.username", "nobody");
        settings.put("quarkus.datasource.password", "nobody");

        assertOneLine(
                migrate(settings),
                "the schema facestream can't be migrated: ERROR: permission denied for database facestream",
                "name the owner of database and schema in quarkus.datasource.username");
    }

    @Test
    void aSchemaThatSomebodyElseHasFilledIsLeftAlone() throws Exception {
        GALLERY.execute("create schema facestream; create table facestream.notes (note text)");

        assertOneLine(migrate(), "the schema facestream is not empty, but was not created by migrations");

        assertThat(GALLERY.query("select relname from pg_class where relnamespace = 'facestream'::regnamespace"))
                .containsExactly("notes");
    }

    @Test
    void aHistoryThatIsNotThisBuildsIsNamed() throws Exception {
        GALLERY.migrateTo("3");
        GALLERY.execute("update facestream.flyway_schema_history set checksum = 1 where version = '2'");

        assertOneLine(
                migrate(),
                "the database's migrations are not this build's: "
                        + "Migration checksum mismatch for migration version 2");
    }
}
