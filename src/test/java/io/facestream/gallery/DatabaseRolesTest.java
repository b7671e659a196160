package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.facestream.database.Refusal;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.TestChips;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.strangers.StrangerSearch;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.models.ModelMetrics;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.Promotion;
import io.facestream.models.TestNetworks;
import io.facestream.models.VersionChanges;
import io.facestream.networks.ComputeDevice;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The group roles of the migration: each is enough for what its role does, and of those that read none has a right
 * too many.
 */
class DatabaseRolesTest {
    private static final TestGallery GALLERY = TestGallery.of(DatabaseRolesTest.class);
    private static final String SHIPPED = "mobilefacenet-1";

    @BeforeAll
    static void migrate() throws SQLException {
        GALLERY.renew();
        GALLERY.addPeople(1);
    }

    /** What the roles that only read do with the database. */
    enum Reading {
        EMBEDDING {
            @Override
            void use(DataSource database) throws SQLException {
                GallerySchema.requireMigrated(database);
                ModelRegistry registry = new ModelRegistry(database);
                assertThat(registry.weights(registry.active())).isNotEmpty();
            }
        },
        MATCHING {
            @Override
            void use(DataSource database) throws SQLException {
                GallerySchema.requireMigrated(database);
                ModelVersion version =
                        new ModelRegistry(database).findSearchable(SHIPPED).orElseThrow();
                Embedding probe = Embedding.ofUnitVector(TestGallery.randomUnitVector(192, new Random(1)), 70);
                GallerySearch search = new GallerySearch(database);
                assertThat(search.nearest(version, List.of(probe), 2).neighbours())
                        .hasSize(1);
                assertThat(search.findsNearest(version, probe, 2)).isEmpty();
                StrangersConfig strangers = new SmallRyeConfigBuilder()
                        .withMapping(StrangersConfig.class)
                        .build()
                        .getConfigMapping(StrangersConfig.class);
                assertThat(new StrangerSearch(database, strangers).find(version, 0, List.of(probe)))
                        .containsOnlyNulls();
            }
        };

        abstract void use(DataSource database) throws SQLException;

        String group() {
            return "facestream_" + name().toLowerCase(Locale.ROOT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRoleThatReadsRunsWithItsGrantsAndWithoutAnyOneOfThemSaysWhichItLacks(Reading role) throws Exception {
        DataSource member = GALLERY.as(role.group());
        role.use(member);

        List<String> grants = grants(role.group());

        assertThat(grants).hasSizeGreaterThanOrEqualTo(4).allMatch(grant -> grant.matches("(SELECT|USAGE) .*"));
        for (String grant : grants) {
            GALLERY.execute("revoke " + grant + " from " + role.group());
            try {
                Throwable failure = catchThrowable(() -> role.use(member));
                assertThat(failure).as(grant).isNotNull();
                assertThat(Refusal.explain(failure)).as(grant + ": " + failure).hasValueSatisfying(line -> assertThat(
                                line)
                        .startsWith("the database's user lacks a right (ERROR: permission denied for ")
                        .contains("grant it a group role, such as facestream_"));
            } finally {
                GALLERY.execute("grant " + grant + " to " + role.group());
            }
        }
        role.use(member);
    }

    /** As they are written in a grant. */
    private static List<String> grants(String group) throws SQLException {
        return GALLERY.query(
                """
                select a.privilege_type || ' on facestream.' || c.relname
                    from pg_class c, aclexplode(c.relacl) a where a.grantee = '%1$s'::regrole
                union all
                select a.privilege_type || ' (' || t.attname || ') on facestream.' || c.relname
                    from pg_class c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
                    where a.grantee = '%1$s'::regrole
                union all
                select a.privilege_type || ' on function ' || p.oid::regprocedure
                    from pg_proc p, aclexplode(p.proacl) a where a.grantee = '%1$s'::regrole
                union all
                select a.privilege_type || ' on schema ' || n.nspname
                    from pg_namespace n, aclexplode(n.nspacl) a where a.grantee = '%1$s'::regrole"""
                        .formatted(group));
    }

    @Test
    void trainingAddsCompletesPromotesRollsBackAndRetiresAVersionWithoutOwningATable() throws Exception {
        DataSource member = GALLERY.as("facestream_training");
        GallerySchema.requireMigrated(member);
        VersionChanges changes = new VersionChanges(member);
        ModelRegistry registry = new ModelRegistry(member);
        UUID person = UUID.fromString(
                GALLERY.query("select id from facestream.identity limit 1").get(0));
        GALLERY.addSample(
                UUID.randomUUID(), person, TestChips.of(TestPictures.sample("people/Grace_Hopper/us-navy.jpg")));
        new Reembedding(member, ComputeDevice.CPU).run(registry.active(), ReembeddingProgress.NONE);

        ModelVersion made = changes.add(TestNetworks.candidate("reversed", TestNetworks.reversed()));
        new Reembedding(member, ComputeDevice.CPU).run(made, ReembeddingProgress.NONE);
        assertThat(changes.promote(made.version())).isInstanceOf(Promotion.Promoted.class);
        assertThat(changes.rollBack().version().version()).isEqualTo(SHIPPED);
        registry.recordMetrics(made.version(), ModelMetrics.NONE);
        registry.measureGallery(made.version());
        changes.retire(made.version());
        GALLERY.execute("delete from facestream.face_sample");

        assertThat(GALLERY.query("select count(*) from pg_class where relowner <> 'facestream'::regrole"
                        + " and relnamespace = 'facestream'::regnamespace"))
                .containsExactly("0");
        assertThat(GALLERY.query("select who, action, model_version from facestream.audit"
                        + " where who <> 'facestream' order by id"))
                .containsExactly(
                        "test_facestream_training add-model " + made.version(),
                        "test_facestream_training promote " + made.version(),
                        "test_facestream_training roll-back " + SHIPPED,
                        "test_facestream_training retire " + made.version());
    }

    @Test
    void nobodyWhoDoesNotNeedThemReadsPhotosOrWeightsOrChangesThePeople() throws Exception {
        for (String denied : List.of(
                "facestream_embedding: select chip from facestream.face_sample",
                "facestream_embedding: select name from facestream.identity",
                "facestream_matching: select chip from facestream.face_sample",
                "facestream_matching: select weights from facestream.model_weights",
                "facestream_matching: delete from facestream.template",
                "facestream_enrolment: update facestream.model_version set status = 'active'",
                "facestream_enrolment: delete from facestream.identity",
                "facestream_enrolment: update facestream.identity set name = 'Eve'",
                "facestream_enrolment: update facestream.identity set kind = 'stranger'",
                "facestream_enrolment: update facestream.face_sample set identity_id = gen_random_uuid()",
                "facestream_enrolment: update facestream.face_sample set chip = ''",
                "facestream_enrolment: update facestream.template set identity_id = gen_random_uuid()",
                "facestream_enrolment: alter table facestream.audit_trail disable trigger append_only",
                "facestream_enrolment: delete from facestream.audit",
                "facestream_enrolment: delete from facestream.audit_trail",
                "facestream_enrolment: select name_hmac from facestream.erasure",
                "facestream_enrolment: select key from facestream.name_key",
                "facestream_enrolment: select facestream.name_hmac('fence', sha256('Ada'))",
                "facestream_enrolment: select facestream.trail_name('Ada')",
                "facestream_enrolment: select facestream.erase_person('Ada', true)",
                "facestream_training: select key from facestream.name_key",
                "facestream_training: select name_hmac from facestream.training_person",
                "facestream_training: insert into facestream.erasure values (sha256('Ada'))",
                "facestream_training: select facestream.make_name_key('fence')",
                "facestream_matching: select facestream.fenced(sha256('Ada'))",
                "facestream_training: update facestream.identity set name = 'Eve'",
                "facestream_training: delete from facestream.face_sample",
                "facestream_training: drop table facestream.template",
                "facestream_training: insert into facestream.audit (action) values ('enrol')",
                "facestream_training: insert into facestream.audit_trail (action) values ('enrol')",
                "facestream_web: select embedding from facestream.template",
                "facestream_web: select chip from facestream.face_sample",
                "facestream_web: select name from facestream.identity",
                "facestream_web: select key_sha256 from facestream.api_key",
                "facestream_web: update facestream.api_key set role = 'admin'",
                "facestream_web: select key_sha256 from facestream.web_user",
                "facestream_web: select token_sha256 from facestream.web_session",
                "facestream_web: select camera from facestream.live_look",
                "facestream_web: insert into facestream.oidc_issuer (issuer) values ('https://evil.example')",
                "facestream_web: update facestream.web_user set role = 'admin'",
                "facestream_web: delete from facestream.sign_in_failure",
                "facestream_web: select chip from facestream.sighting_shot",
                "facestream_web: insert into facestream.audit_trail (action) values ('search')",
                "facestream_matching: select facestream.use_key(sha256('key'))",
                "facestream_training: select facestream.export_weights('" + SHIPPED + "')")) {
            String[] who = denied.split(": ", 2);
            DataSource member = GALLERY.as(who[0]);
            assertThatThrownBy(() -> {
                        try (var connection = member.getConnection();
                                var statement = connection.createStatement()) {
                            statement.execute(who[1]);
                        }
                    })
                    .as(denied)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        }
    }

    @Test
    void theWebWritesNoTable() throws SQLException {
        String relations =
                """
                select c.relname from pg_class c
                where c.relnamespace = 'facestream'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
                    and (has_any_column_privilege('%1$s', c.oid, 'insert, update')
                        or has_table_privilege('%1$s', c.oid, 'delete, truncate, trigger'))
                order by 1""";

        assertThat(GALLERY.query(relations.formatted("facestream_web"))).isEmpty();
        assertThat(GALLERY.query(relations.formatted("facestream_enrolment")))
                .as("whom the same question finds writing")
                .contains("face_sample");
    }

    @Test
    void whateverChangesWhoSomebodyIsIsInTheAuditTrail() throws Exception {
        GALLERY.execute(
                """
                insert into facestream.identity (id, kind, name)
                    values ('00000000-0000-0000-0000-0000000000b1', 'person', 'Bo'),
                        ('00000000-0000-0000-0000-0000000000b2', 'person', 'Cy');
                insert into facestream.face_sample (identity_id, sha256, chip, enrolled, quality, source_topic,
                    source_partition, source_offset)
                    values ('00000000-0000-0000-0000-0000000000b1', sha256('b'), '', false, '{}',
                        'labelled-faces', 2, 7);
                update facestream.face_sample set enrolled = true where sha256 = sha256('b');
                update facestream.face_sample set enrolled = true where sha256 = sha256('b');
                update facestream.face_sample set identity_id = '00000000-0000-0000-0000-0000000000b2'
                    where sha256 = sha256('b');
                update facestream.identity set updated_at = now() where name = 'Bo';
                update facestream.identity set name = 'Di' where name = 'Bo';
                delete from facestream.identity where name in ('Cy', 'Di')""");

        assertThat(
                        GALLERY.query(
                                """
                        with known as (
                            select facestream.trail_name(name) as hash, name from unnest(array['Bo', 'Cy', 'Di']) name)
                        select a.action, k.name, coalesce(a.detail ->> 'enrolled', f.name, '-')
                        from facestream.audit a join known k on k.hash = a.name_hmac
                            left join known f on encode(f.hash, 'hex') = a.detail ->> 'from'
                        order by a.id"""))
                .startsWith("enrol Bo false", "enrol Bo true", "reassign Cy Bo", "rename Di Bo")
                .hasSize(6)
                .contains("delete Cy -", "delete Di -");
    }

    @Test
    void theAuditTrailHasEveryDeedInItsTransactionAndRefusesChanges() throws Exception {
        GALLERY.execute(
                """
                begin;
                insert into facestream.identity (id, kind, name)
                    values ('00000000-0000-0000-0000-00000000000a', 'person', 'Zoë');
                insert into facestream.face_sample (identity_id, sha256, chip, enrolled, quality, source_topic,
                    source_partition, source_offset)
                    values ('00000000-0000-0000-0000-00000000000a', sha256('photo'), '', true, '{}',
                        'labelled-faces', 1, 42);
                commit;
                begin;
                select facestream.erase_person('Zoë');
                rollback;
                begin;
                select facestream.erase_person('Zoë');
                commit;""");
        new ModelRegistry(GALLERY.dataSource())
                .export(new ModelRegistry(GALLERY.dataSource()).find(SHIPPED).orElseThrow());

        assertThat(GALLERY.query("select action, who, detail ->> 'photo' from facestream.audit"
                        + " where name_hmac = facestream.trail_name('Zoë') order by id"))
                .containsExactly(
                        "enrol facestream labelled-faces-1@42", "erase facestream null", "delete facestream null");
        assertThat(GALLERY.query("select action, model_version from facestream.audit where action = 'export-model'"))
                .containsExactly("export-model " + SHIPPED);
        assertThat(GALLERY.query("select 1 from facestream.audit a where a::text like '%Zoë%'"))
                .isEmpty();
        for (String change : List.of(
                "update facestream.audit set who = 'nobody'",
                "delete from facestream.audit",
                "update facestream.audit_trail set who = 'nobody'",
                "delete from facestream.audit_trail",
                "truncate facestream.audit_trail")) {
            assertThatThrownBy(() -> GALLERY.execute(change))
                    .as(change)
                    .hasMessageContaining("the audit trail is append-only");
        }
    }
}
