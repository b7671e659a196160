package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.embedded.TestServices;
import io.facestream.enrolment.GalleryUpkeep;
import io.facestream.models.ModelRegistry;
import io.facestream.models.Promotion;
import io.facestream.models.VersionChanges;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.text.Normalizer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Erasing a person in SQL, as the owner does it, and what keeps who was erased away. */
class ErasureTest {
    private static final TestGallery GALLERY = TestGallery.of(ErasureTest.class);
    private static final String ZOE = "Zo\u00eb Kr\u00e4mer";

    @BeforeEach
    void fill() throws SQLException {
        GALLERY.renewSchema();
        GALLERY.addTwoVersions();
    }

    @Test
    void anHmacIsTheOneOfTheStandard() throws Exception {
        Random random = new Random(3);
        for (int length : List.of(1, 20, 32, 63, 64, 65, 131)) {
            byte[] key = new byte[length];
            byte[] message = new byte[random.nextInt(100)];
            random.nextBytes(key);
            random.nextBytes(message);

            assertThat(GALLERY.query(
                            "select encode(sha256(facestream.hmac_pad(k, 92) || sha256(facestream.hmac_pad(k, 54)"
                                    + " || " + bytea(message) + ")), 'hex') from (select " + bytea(key) + " as k) x"))
                    .as("a key of %d bytes", length)
                    .containsExactly(HexFormat.of().formatHex(hmac(key, message)));
        }
        byte[] key = HexFormat.of()
                .parseHex(GALLERY.query("select encode(key, 'hex') from facestream.name_key where purpose = 'trail'")
                        .get(0));
        assertThat(key).hasSize(32);
        assertThat(GALLERY.query("select encode(facestream.trail_name('Zoe\u0308'), 'hex')"))
                .containsExactly(HexFormat.of().formatHex(hmac(key, NameHash.of("Zo\u00eb"))));
        assertThat(GALLERY.query("select count(distinct key) from facestream.name_key"))
                .containsExactly("3");
    }

    @Test
    void aPersonIsErasedInWhicheverFormTheNameIsWrittenAndWasEnrolled() throws Exception {
        String decomposed = Normalizer.normalize(ZOE, Normalizer.Form.NFD).replace(' ', '\u00a0');
        // enrolled before names had a plain form
        GALLERY.execute("alter table facestream.identity disable trigger name_is_plain");
        person(decomposed, 2, 1);
        GALLERY.execute("alter table facestream.identity enable trigger name_is_plain");
        person("Ada", 1, 4);

        List<String> receipt = GALLERY.query("select * from facestream.erase_person('" + ZOE + "')");

        assertThat(receipt)
                .containsExactly(
                        "identity 1 0",
                        "identity_alias 0 0",
                        "identity_name 1 0",
                        "identity_tag 0 0",
                        "face_sample 2 0",
                        "face_embedding 4 0",
                        "template 2 0",
                        "stranger 0 0",
                        "stranger_chip 0 0",
                        "stranger_embedding 0 0",
                        "stranger_template 0 0",
                        "stranger_visit 0 0",
                        "sighting 0 0",
                        "sighting_shot 0 0",
                        "sighting_correction 0 0",
                        "negative 0 0",
                        "negative_embedding 0 0",
                        "alert_outbox 0 0",
                        "alert_rule 0 0",
                        "alert_rule_person 0 0",
                        "gallery_undo 0 0",
                        "training_command 0 0",
                        "model_version 0 0");
        assertThat(GALLERY.query("select name, samples from facestream.gallery"))
                .containsExactly("Ada 1");
        for (String form : List.of(ZOE, decomposed)) {
            assertThat(GALLERY.query("select facestream.fenced(decode('"
                            + HexFormat.of().formatHex(NameHash.of(form)) + "', 'hex')) > now()"))
                    .as(form)
                    .containsExactly("t");
        }
        assertThat(GALLERY.query("select action from facestream.audit a where name_hmac = facestream.trail_name('" + ZOE
                        + "') and action = 'erase'"))
                .hasSize(1);
        assertThat(GALLERY.query("select * from facestream.erase_person('" + ZOE + "')"))
                .as("again, which moves the fence")
                .startsWith("identity 0 0");
    }

    @Test
    void aMisspeltNameErasesNothingAndSaysSo() throws Exception {
        person("Grace_Hopper", 1, 1);
        person("Bob", 1, 2);

        try (Connection connection = GALLERY.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            // PostgreSQL's log holds errors, and no notices: what it holds is not erased.
            assertThatThrownBy(() -> statement.execute("select facestream.erase_person('Grace Hoper')"))
                    .hasMessageStartingWith("ERROR: nobody has that name, and nobody ever had: nothing was erased\n")
                    .hasMessageContaining("unknown => true")
                    .hasMessageNotContaining("Grace");
            assertThat(statement.getWarnings().getMessage()).isEqualTo("the nearest name is \"Grace_Hopper\"");
            statement.clearWarnings();
            assertThatThrownBy(() -> statement.execute("select facestream.erase_person('Xavier')"))
                    .hasMessageStartingWith("ERROR: nobody has that name");
            assertThat((Object) statement.getWarnings()).isNull();
        }
        for (String none : List.of("null", "''", "' \u00a0'")) {
            assertThatThrownBy(() -> GALLERY.execute("select facestream.erase_person(" + none + ")"))
                    .hasMessageStartingWith("ERROR: a name is needed: nothing was erased");
        }

        assertThat(GALLERY.query("select count(*) from facestream.gallery")).containsExactly("2");
        assertThat(GALLERY.query("select 1 from facestream.erasure")).isEmpty();
        assertThat(GALLERY.query("select 1 from facestream.audit where action = 'erase'"))
                .isEmpty();
        assertThat(GALLERY.query("select * from facestream.erase_person('Xavier', unknown => true)"))
                .contains("identity 0 0");
        assertThat(GALLERY.query("select facestream.fenced(sha256('Xavier')) > now()"))
                .containsExactly("t");
    }

    @Test
    void theServersLogHasNoNameOfWhomSomebodyErased() throws Exception {
        person("Zephyrine Zimmer", 1, 1);
        for (String failing : List.of(
                "select facestream.erase_person('Zephirine Zimmer')",
                "select facestream.erase_person('Zephyrine Zimmer', no_such_parameter => true)",
                "update facestream.identity set name = 'Zephyrine  Zimmer'",
                "insert into facestream.identity (kind, name) values ('person', 'Zephyrine Zimmer')",
                "begin isolation level serializable; select facestream.erase_person('Zephyrine Zimmer')")) {
            assertThatThrownBy(() -> GALLERY.execute(failing)).isInstanceOf(SQLException.class);
        }

        GALLERY.execute("select facestream.erase_person('Zephyrine Zimmer')");

        assertThat(TestServices.serverLogOf(ErasureTest.class))
                .content()
                .contains("nobody has that name", "a name is in Unicode NFC", "duplicate key", "a person is erased in")
                .doesNotContain("Zeph", "Zimmer");
    }

    @Test
    void theFenceHasTheTimeWhenItHadTheLockAndNotWhenItsTransactionBegan() throws Exception {
        person("Bob", 1, 1);
        try (Connection enrolment = GALLERY.dataSource().getConnection();
                Statement statement = enrolment.createStatement()) {
            enrolment.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock_shared(" + ModelRegistry.VERSIONS_LOCK + ")");
            CompletableFuture<Void> erasure = CompletableFuture.runAsync(
                    () -> execute("begin;" + " select facestream.erase_person('Bob'); commit"));
            while (GALLERY.query("select 1 from pg_locks where locktype = 'advisory' and not granted")
                    .isEmpty()) {
                Thread.sleep(20);
            }
            Thread.sleep(300);
            statement.execute("create table facestream.appended as select clock_timestamp() as at");
            enrolment.commit();
            erasure.join();
        }

        assertThat(GALLERY.query("select erased_at > a.at from facestream.erasure, facestream.appended a"))
                .containsExactly("t");
        assertThat(GALLERY.query("select facestream.fenced(sha256('Bob')) - erased_at from facestream.erasure"))
                .as("for a broker whose clock is ahead")
                .containsExactly("00:01:00");
    }

    @Test
    void aTransactionThatSeesOnlyWhatWasThereBeforeItErasesNothing() throws Exception {
        person("Bob", 1, 1);

        assertThatThrownBy(() -> GALLERY.execute(
                        "begin isolation level repeatable read; select facestream.erase_person('Bob'); commit"))
                .hasMessageContaining("nothing was erased");

        assertThat(GALLERY.query("select name from facestream.gallery")).containsExactly("Bob");
    }

    @Test
    void whatIsTrainedOnThePersonIsRetiredAndIsNotPromotedWhateverWay() throws Exception {
        person("Bob", 1, 1);
        String training = trainedOn("Bob", "Ada");
        version("third-1", "candidate", "first-1", training);
        version("third-2", "candidate", "third-1", null);
        version("clean-1", "candidate", "first-1", null);
        GALLERY.execute("update facestream.training_command set command ="
                + " '{\"command\": \"fine-tune\", \"people\": [\"Ada\", \"Bob\", \"Cy\"]}'");

        assertThat(GALLERY.query("select * from facestream.erase_person('Bob')"))
                .contains("training_command 1 0", "model_version 2 0");

        assertThat(GALLERY.query("select version, status from facestream.model_version order by version"))
                .containsExactly(
                        "clean-1 candidate",
                        "first-1 active",
                        "second-1 standby",
                        "third-1 retired",
                        "third-2 retired");
        assertThat(GALLERY.query("select command -> 'people' from facestream.training_command"))
                .containsExactly("[\"Ada\", \"Cy\"]");
    }

    /** What a teacher has learnt from somebody is in its pupils, and in theirs. */
    @Test
    void whatWasTaughtByAVersionThatIsTrainedOnThePersonIsRetired() throws Exception {
        person("Bob", 1, 1);
        version("third-1", "candidate", "first-1", trainedOn("Bob"));
        version("third-2", "candidate", "first-1", taughtBy("third-1"));
        version("third-3", "candidate", "third-2", null);
        version("clean-1", "candidate", "first-1", taughtBy("mobilefacenet-pair"));

        assertThat(GALLERY.query("select * from facestream.erase_person('Bob', false, true)"))
                .contains("model_version 0 3");
        assertThat(GALLERY.query("select * from facestream.erase_person('Bob')"))
                .contains("model_version 3 0");

        assertThat(GALLERY.query("select version from facestream.model_version where status = 'retired' order by 1"))
                .containsExactly("third-1", "third-2", "third-3");
        assertThat(GALLERY.query("select version from facestream.erasure_receipt r,"
                        + " facestream.erasure_versions(r.id) order by 1"))
                .containsExactly("third-1", "third-2", "third-3");
    }

    @Test
    void aCandidateThatCameThroughIsRetiredWhereItWouldBePromotedOrRolledBackTo() throws Exception {
        person("Bob", 1, 1);
        VersionChanges changes = new VersionChanges(GALLERY.as("facestream_training"));
        version("third-1", "candidate", "first-1", trainedOn("Bob", "Ada"));
        GALLERY.execute("select facestream.erase_person('Bob');"
                + " update facestream.model_version set status = 'candidate' where version = 'third-1'");

        assertThat(changes.promote("third-1"))
                .isInstanceOfSatisfying(Promotion.Erased.class, erased -> assertThat(erased.erased())
                        .isEqualTo(1));

        assertThat(GALLERY.query("select status from facestream.model_version where version = 'third-1'"))
                .containsExactly("retired");
        GALLERY.execute("update facestream.model_version set status = 'standby' where version = 'third-1';"
                + " update facestream.model_version set predecessor = 'third-1' where version = 'first-1'");
        assertThat(changes.rollBack()).isInstanceOf(Promotion.Erased.class);
        assertThat(GALLERY.query("select version from facestream.model_version where status = 'active'"))
                .containsExactly("first-1");
        assertThat(GALLERY.query("select action from facestream.audit where model_version = 'third-1' order by id"))
                .contains("retire");
    }

    @Test
    void theFencesKeyIsDestroyedWithTheLastFenceAndMadeAnewWithTheNext() throws Exception {
        GALLERY.execute("select facestream.erase_person('Ada', unknown => true);"
                + " select facestream.erase_person('Bob', unknown => true);"
                + " update facestream.erasure set erased_at = erased_at - interval '29 days'");
        String key = "select encode(key, 'hex') from facestream.name_key where purpose = 'fence'";
        String first = GALLERY.query(key).get(0);
        GalleryUpkeep upkeep =
                new GalleryUpkeep(GALLERY.as("facestream_enrolment"), () -> Optional.of(Duration.ofDays(1)));

        upkeep.dropPastFences();
        assertThat(GALLERY.query("select count(*) from facestream.erasure"))
                .as("photos may be there for 30 days")
                .containsExactly("2");
        GALLERY.execute("update facestream.erasure set erased_at = erased_at - interval '3 days'");
        trainedOn("Cy", "Di");
        GALLERY.execute("update facestream.training_command set command = '{\"topics\": [\"mine\"]}'");
        upkeep.dropPastFences();
        assertThat(GALLERY.query("select count(*) from facestream.erasure"))
                .as("nobody knows for how long the other topic keeps photos")
                .containsExactly("2");
        assertThat(GALLERY.query("select facestream.drop_past_fences('30 days', of_all_topics => true)"))
                .containsExactly("2");

        assertThat(GALLERY.query(key)).isEmpty();
        assertThat(GALLERY.query("select facestream.fenced(sha256('Ada'))")).containsExactly("null");
        GALLERY.execute("select facestream.erase_person('Ada')");
        assertThat(GALLERY.query(key)).hasSize(1).doesNotContain(first);
        assertThat(GALLERY.query("select facestream.fenced(sha256('Ada')) > now()"))
                .containsExactly("t");
        upkeep.close();
    }

    @Test
    void theTemplateFollowsWhenPhotosAreDeletedMovedOrCountNoLonger() throws Exception {
        UUID ada = person("Ada", 3, 1);
        UUID bob = person("Bob", 1, 5);
        String revision = "select (last_value, is_called)::text from facestream.gallery_revision";
        String before = GALLERY.query(revision).get(0);

        GALLERY.execute("delete from facestream.face_sample where source_offset = 3");
        assertThat(templates(ada)).containsExactly(expected(ada, "first-1"), expected(ada, "second-1"));
        assertThat(templates(ada)).allMatch(template -> template.contains(" 2 "));
        assertThat(GALLERY.query(revision)).doesNotContain(before);

        GALLERY.execute("update facestream.face_sample set identity_id = '" + bob + "' where source_offset = 2");
        assertThat(templates(ada)).containsExactly(expected(ada, "first-1"), expected(ada, "second-1"));
        assertThat(templates(bob)).containsExactly(expected(bob, "first-1"), expected(bob, "second-1"));
        assertThat(templates(bob)).allMatch(template -> template.contains(" 2 "));

        GALLERY.execute("update facestream.face_sample set enrolled = false where source_offset = 5");
        assertThat(templates(bob)).containsExactly(expected(bob, "first-1"), expected(bob, "second-1"));

        GALLERY.execute("delete from facestream.face_sample where source_offset = 1");
        assertThat(templates(ada)).as("a person without photos has none").isEmpty();
        assertThat(GALLERY.query("select name, samples from facestream.gallery where name = 'Ada'"))
                .containsExactly("Ada 0");
        assertThat(GALLERY.query("select action, name_hmac = facestream.trail_name('Ada'), detail ->> 'photo'"
                        + " from facestream.audit where action = 'delete-photo' order by id"))
                .containsExactly("delete-photo t labelled-faces-1@3", "delete-photo t labelled-faces-1@1");
        GALLERY.execute("delete from facestream.identity");
        assertThat(GALLERY.query("select 1 from facestream.template")).isEmpty();
    }

    @Test
    void theTemplateFollowsWhenVectorsAreDeletedWithoutTheirPhotos() throws Exception {
        UUID ada = person("Ada", 3, 1);
        UUID bob = person("Bob", 1, 5);
        List<String> before = templates(bob);
        String vectors =
                "delete from facestream.face_embedding e using facestream.face_sample s where s.id = e.sample_id";

        GALLERY.execute(vectors + " and s.source_offset = 3");
        assertThat(templates(ada)).containsExactly(expected(ada, "first-1"), expected(ada, "second-1"));
        assertThat(templates(ada)).allMatch(template -> template.contains(" 2 "));

        GALLERY.execute(vectors + " and s.identity_id = '" + ada + "' and e.model_version = 'first-1'");
        assertThat(templates(ada)).containsExactly(expected(ada, "second-1"));
        assertThat(templates(bob)).isEqualTo(before);
    }

    @Test
    void peoplePhotosAndVectorsAreNotTruncated() throws Exception {
        UUID ada = person("Ada", 1, 1);
        String trail = "select count(*) from facestream.audit";
        List<String> before = GALLERY.query(trail);

        for (String table : List.of("identity", "face_sample", "face_embedding")) {
            assertThatThrownBy(() -> GALLERY.execute("truncate facestream." + table + " cascade"))
                    .hasMessageStartingWith("ERROR: facestream." + table + " is not truncated")
                    .hasMessageContaining("delete from facestream." + table);
        }

        assertThat(templates(ada)).hasSize(2);
        assertThat(GALLERY.query(trail)).isEqualTo(before);
    }

    /** With vectors of the photos' offsets under both versions, and templates. */
    private static UUID person(String name, int photos, int firstOffset) throws SQLException {
        return GALLERY.addPerson(name, photos, firstOffset);
    }

    private static List<String> templates(UUID person) throws SQLException {
        return GALLERY.query("select model_version, samples, embedding from facestream.template where identity_id = '"
                + person + "' order by 1");
    }

    private static String expected(UUID person, String version) throws SQLException {
        return GALLERY.query("select '" + version + "', count(*), l2_normalize(avg(e.embedding))"
                        + " from facestream.face_sample s join facestream.face_embedding e on e.sample_id = s.id"
                        + " where s.enrolled and s.identity_id = '" + person + "' and e.model_version = '" + version
                        + "'")
                .get(0);
    }

    /** A training command whose network is trained on these. */
    private static String trainedOn(String... names) throws SQLException {
        UUID id = UUID.randomUUID();
        GALLERY.execute("insert into facestream.training_command (id, command) values ('" + id + "', '{}')");
        for (String name : names) {
            GALLERY.execute("select facestream.note_trained_on('" + id + "', array[sha256('" + name + "')])");
        }
        return id.toString();
    }

    /** A training command that names a teacher, and was trained on somebody else. */
    private static String taughtBy(String teacher) throws SQLException {
        String id = trainedOn("Ada");
        GALLERY.execute("update facestream.training_command set command = '{\"teacher\": \"" + teacher
                + "\"}' where id = '" + id + "'");
        return id;
    }

    private static void version(String name, String status, String parent, String training) throws SQLException {
        GALLERY.execute("insert into facestream.model_version (version, architecture, dimensions, input_side,"
                + " mirror_averaging, status, threshold, separation, sha256, parent, training_command) values ('" + name
                + "', 'test', 3, 112, true, '" + status + "', 0.9, 0.1, sha256('" + name + "'), '" + parent + "', "
                + (training == null ? "null" : "'" + training + "'") + ")");
    }

    private static void execute(String sql) {
        try {
            GALLERY.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String bytea(byte[] bytes) {
        return "decode('" + HexFormat.of().formatHex(bytes) + "', 'hex')";
    }

    private static byte[] hmac(byte[] key, byte[] message) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }
}
