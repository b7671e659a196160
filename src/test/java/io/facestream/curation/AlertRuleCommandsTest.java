package io.facestream.curation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.curation.message.AlertRule;
import io.facestream.curation.message.GalleryCommand.Discard;
import io.facestream.curation.message.GalleryCommand.Erase;
import io.facestream.curation.message.GalleryCommand.Merge;
import io.facestream.curation.message.GalleryCommand.Name;
import io.facestream.curation.message.GalleryCommand.Undo;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.Erased;
import io.facestream.gallery.TestGallery;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of alerts by command: what is stored, what is refused, and what becomes of them when people change. */
class AlertRuleCommandsTest {
    private static final TestGallery DATABASE = TestGallery.of(AlertRuleCommandsTest.class);
    private static final String PEOPLE = "select rule, name from facestream.alert_rule_people p"
            + " join facestream.identity i on i.id = p.identity_id order by 1, 2";

    private CuratedGallery gallery;

    @BeforeEach
    void fill() throws Exception {
        gallery = new CuratedGallery(DATABASE);
        DATABASE.execute("insert into facestream.alert_target values ('phone', interval '7 days'),"
                + " ('archive', interval '7 days')");
        DATABASE.execute("insert into facestream.alert_settings_rule values ('night')");
    }

    private static UUID id() {
        return UUID.randomUUID();
    }

    private static AlertRule about(String rule, String... who) {
        return new AlertRule(id(), rule, List.of(who), null, null, null, null, List.of("phone"), null);
    }

    private static UUID stranger() throws SQLException {
        UUID stranger = id();
        DATABASE.execute("insert into facestream.identity (id, kind) values ('" + stranger + "', 'stranger')");
        DATABASE.execute("insert into facestream.stranger (identity_id, kept_at, expires_at) values ('" + stranger
                + "', now(), now() + interval '30 days')");
        return stranger;
    }

    private static List<String> rules() throws SQLException {
        return DATABASE.query("select name from facestream.alert_rule order by 1");
    }

    private static List<String> trail(String columns) throws SQLException {
        return DATABASE.query(
                "select " + columns + " from facestream.audit where action like '%alert-rule' order by id");
    }

    @Test
    void aRuleIsStoredWithIdsOfPeopleAndWithTheDefaults() throws Exception {
        UUID ada = gallery.person("Ada", 1, 1);
        gallery.person("Bob", 1, 2);

        GalleryEvent done = gallery.done(about("family", "Ada", "Bob", ada.toString(), "tag:staff", "strangers"));

        assertThat(done.people()).isEqualTo(2);
        assertThat(DATABASE.query(PEOPLE)).containsExactly("family Ada", "family Bob");
        assertThat(DATABASE.query("select name, known, strangers, unknown, tags, cameras, spans, zone, cool_down,"
                        + " targets from facestream.alert_rule"))
                .containsExactly("family f t f {staff} {*} {} UTC 00:00:00 {phone}");
    }

    @Test
    void whatIsSaidAgainReplacesTheRule() throws Exception {
        gallery.person("Ada", 1, 1);
        gallery.person("Bob", 1, 2);
        gallery.done(about("family", "Ada"));

        gallery.done(new AlertRule(
                id(),
                "family",
                List.of("Bob"),
                List.of("front-*", "h\u00f6fe \u4e2d?"),
                List.of("mon-fri 22:00-06:00"),
                "Europe/Berlin",
                Duration.ofMinutes(10),
                List.of("phone", "archive"),
                null));

        assertThat(DATABASE.query(PEOPLE)).containsExactly("family Bob");
        assertThat(DATABASE.query("select cameras, spans, zone, cool_down, targets from facestream.alert_rule"))
                .containsExactly("{front-*,\"h\u00f6fe \u4e2d?\"} {\"mon-fri 22:00-06:00\"} Europe/Berlin 00:10:00"
                        + " {phone,archive}");
    }

    @Test
    void theSameCommandTwiceIsOne() throws Exception {
        AlertRule rule = about("all", "anybody");
        gallery.done(rule);
        gallery.done(new AlertRule(id(), "all"));

        gallery.done(rule);

        assertThat(rules()).isEmpty();
        assertThat(trail("action, command_id")).hasSize(2).first().isEqualTo("alert-rule " + rule.commandId());
    }

    @Test
    void eachChangeIsARowOfTheTrailThatNamesNobody() throws Exception {
        gallery.person("Ada", 1, 1);
        AlertRule rule = about("family", "Ada");
        AlertRule removal = new AlertRule(id(), "family");
        gallery.done(rule);
        gallery.done(removal);

        assertThat(trail("action, command_id, detail"))
                .containsExactly(
                        "alert-rule " + rule.commandId() + " {\"rule\": \"family\", \"tags\": [], \"known\": false,"
                                + " \"people\": 1, \"targets\": [\"phone\"], \"unknown\": false, \"strangers\": false}",
                        "remove-alert-rule " + removal.commandId() + " {\"rule\": \"family\"}");
    }

    @Test
    void aRemovedRuleSendsNothingThatWaits() throws Exception {
        gallery.done(about("all", "anybody"));
        DATABASE.execute(
                """
                insert into facestream.alert_outbox (id, rule, target, source, sighting_id, subject, sequence, change,
                    camera, kind, first_seen, last_seen, first_appended_at, last_appended_at, frames, best, cool_down,
                    state, due_at)
                select gen_random_uuid(), r, 'phone', 's', 'v', 'unknown', 1, 'appeared', 'door', 'unknown', now(),
                    now(), now(), now(), 1, '{}', '0', 'waiting', now()
                from unnest(array['all', 'other']) r""");

        gallery.done(new AlertRule(id(), "all"));

        assertThat(DATABASE.query("select rule, state from facestream.alert_outbox order by 1"))
                .containsExactly("all cancelled", "other waiting");
    }

    @Test
    void whatIsNotThereIsRefusedByName() throws Exception {
        gallery.rejected(new AlertRule(id(), "family"), "no-such-rule");
        gallery.rejected(about("family", "Nobody"), "no-such-person");
        gallery.rejected(about("family", id().toString()), "no-such-person");
        GalleryEvent target = gallery.ask(new AlertRule(
                id(), "family", List.of("anybody"), null, null, null, null, List.of("phone", "fone"), null));

        assertThat(target.reason()).isEqualTo("no-such-target");
        assertThat(target.message()).isEqualTo("no target is called fone; targets are archive, phone");
        assertThat(rules()).isEmpty();
    }

    @Test
    void withoutAnyTargetTheAnswerSaysWhoSetsOne() throws Exception {
        DATABASE.execute("delete from facestream.alert_target");

        assertThat(gallery.ask(about("all", "anybody")).message())
                .isEqualTo("no target is called phone; there is none: an operator sets facestream.alerts.targets, and"
                        + " starts the role alerts");
    }

    @Test
    void aRuleOfTheSettingsIsNeitherReplacedNorRemoved() throws Exception {
        gallery.rejected(about("night", "anybody"), "rule-of-settings");
        gallery.rejected(new AlertRule(id(), "night"), "rule-of-settings");
        assertThat(DATABASE.query("select name, origin from facestream.alert_rules"))
                .containsExactly("night settings");
    }

    @Test
    void aCoolDownLongerThanAlertsAreRememberedIsRefused() throws Exception {
        gallery.rejected(
                new AlertRule(
                        id(), "all", List.of("known"), null, null, null, Duration.ofDays(8), List.of("phone"), null),
                "cool-down-too-long");
    }

    @Test
    void tenThousandPeopleAreARuleAndOneMoreIsNone() throws Exception {
        DATABASE.execute("insert into facestream.identity (kind, name)"
                + " select 'person', 'person ' || n from generate_series(1, 10000) n");
        List<String> ids = DATABASE.query("select id from facestream.identity");

        assertThat(gallery.ask(about("all", ids.toArray(String[]::new))).people())
                .isEqualTo(10_000);
        assertThat(DATABASE.query("select people from facestream.alert_rules where name = 'all'"))
                .containsExactly("10000");
        String[] more = IntStream.rangeClosed(0, 10_000)
                .mapToObj(i -> new UUID(1, i).toString())
                .toArray(String[]::new);
        assertThatThrownBy(() -> about("all", more)).hasMessage("who has 1 to 10000 values");
    }

    @Test
    void thereAreAtMostAThousandRules() throws Exception {
        DATABASE.execute("insert into facestream.alert_rule select 'r' || n, true, false, false, '{}', '{*}', '{}',"
                + " 'UTC', '0', '{phone}' from generate_series(1, 1000) n");

        gallery.rejected(about("one-more", "anybody"), "too-many-rules");
        gallery.done(about("r7", "unknown"));
    }

    @Test
    void aMergeMakesTheRuleTheOtherOnesAndUndoMakesItTheirsAgain() throws Exception {
        gallery.person("Bob", 1, 1);
        gallery.person("Robert", 1, 2);
        gallery.done(about("robert", "Robert"));
        UUID merge = id();

        gallery.done(new Merge(merge, List.of("Robert"), "Bob"));
        assertThat(DATABASE.query(PEOPLE)).containsExactly("robert Bob");
        gallery.done(new Undo(id(), merge));

        assertThat(DATABASE.query(PEOPLE)).containsExactly("robert Robert");
    }

    @Test
    void anErasureTakesThePersonOutOfRulesAndRemovesThoseAboutNobodyElse() throws Exception {
        gallery.person("Ada", 1, 1);
        gallery.person("Bob", 1, 2);
        gallery.done(about("ada", "Ada"));
        gallery.done(about("both", "Ada", "Bob"));
        gallery.done(about("ada-and-unknown", "Ada", "unknown"));
        gallery.done(about("staff", "Ada", "tag:staff"));

        Map<String, Erased> erased = gallery.done(new Erase(id(), "Ada", null, null)).erased().stream()
                .collect(Collectors.toMap(Erased::table, Function.identity()));

        assertThat(rules()).containsExactly("ada-and-unknown", "both", "staff");
        assertThat(DATABASE.query(PEOPLE)).containsExactly("both Bob");
        assertThat(erased.get("alert_rule_person")).isEqualTo(new Erased("alert_rule_person", 4, 0));
        assertThat(erased.get("alert_rule")).isEqualTo(new Erased("alert_rule", 1, 0));
    }

    @Test
    void anErasureTakesWhoeverWasMergedOutOfRulesToo() throws Exception {
        gallery.person("Bob", 1, 1);
        gallery.person("Robert", 1, 2);
        gallery.done(about("robert", "Robert"));
        gallery.done(new Merge(id(), List.of("Robert"), "Bob"));

        gallery.done(new Erase(id(), "Bob", null, null));

        assertThat(rules()).isEmpty();
    }

    @Test
    void whoeverWasErasedIsNotNamedAgain() throws Exception {
        UUID ada = gallery.person("Ada", 1, 1);
        gallery.done(new Erase(id(), "Ada", null, null));

        gallery.rejected(about("ada", ada.toString()), "erased");
    }

    @Test
    void aRuleAboutAStrangerIsAboutThePersonOnceTheStrangerIsNamed() throws Exception {
        UUID stranger = stranger();
        gallery.done(about("passer-by", stranger.toString()));

        UUID named = gallery.done(new Name(id(), stranger, "Eve")).person();

        assertThat(DATABASE.query("select rule, identity_id from facestream.alert_rule_people"))
                .containsExactly("passer-by " + named);
    }

    @Test
    void aRuleAboutAStrangerGoesWithTheStranger() throws Exception {
        UUID stranger = stranger();
        gallery.done(about("passer-by", stranger.toString()));

        gallery.done(new Discard(id(), List.of(stranger)));

        assertThat(rules()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"facestream_web", "facestream_alerts", "facestream_reader", "facestream_curation"})
    void noRoleWritesRulesButByCommands(String role) {
        for (String statement : List.of(
                "delete from facestream.alert_rule",
                "insert into facestream.alert_rule_person values ('all', gen_random_uuid())",
                "update facestream.alert_rule set targets = '{phone}'")) {
            assertThatThrownBy(() -> execute(role, statement)).hasMessageContaining("permission denied");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"facestream_web", "facestream_reader", "facestream_curation"})
    void onlyAlertsSaysWhichTargetsThereAre(String role) {
        assertThatThrownBy(() -> execute(role, "insert into facestream.alert_target values ('x', '1 day')"))
                .hasMessageContaining("permission denied");
    }

    @ParameterizedTest
    @ValueSource(strings = {"facestream_web", "facestream_alerts", "facestream_reader"})
    void onlyCurationDoesWhatCommandsSay(String role) {
        assertThatThrownBy(() -> execute(role, "select facestream.remove_alert_rule('all')"))
                .hasMessageContaining("permission denied");
    }

    private static void execute(String role, String statement) throws SQLException {
        try (var connection = DATABASE.as(role).getConnection();
                var statements = connection.createStatement()) {
            statements.execute(statement);
        }
    }
}
