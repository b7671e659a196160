package io.facestream.alerts.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.alerts.Visits;
import io.facestream.alerts.rules.Rule;
import io.facestream.alerts.rules.TestRules;
import io.facestream.database.Sql;
import io.facestream.gallery.TestGallery;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules that commands make while the role runs, with the rights of the roles. */
class StoredRulesTest {
    private static final TestGallery GALLERY = TestGallery.of(StoredRulesTest.class);
    private static final UUID ADA = new UUID(0, 0xada);
    private static final UUID BOB = new UUID(0, 0xb0b);
    private static final UUID STRANGER = new UUID(0, 0x57);
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private int visits;
    private AlertStore store;

    @BeforeEach
    void begin() throws SQLException {
        GALLERY.renew();
        GALLERY.execute("insert into facestream.identity (id, kind, name) values ('" + ADA + "', 'person', 'Ada'), ('"
                + BOB + "', 'person', 'Bob'), ('" + STRANGER + "', 'stranger', null)");
        store = begin(List.of());
    }

    /** The role starts with these rules in its settings. */
    private static AlertStore begin(List<Rule> settings) throws SQLException {
        var login = GALLERY.as("facestream_alerts");
        new PublishedSettings(login)
                .publish(settings.stream().map(Rule::name).toList(), List.of("phone", "archive"), Duration.ofDays(7));
        return new AlertStore(
                login,
                new AlertRules(
                        settings,
                        Duration.ZERO,
                        Map.of("phone", Duration.ofMinutes(2), "archive", Duration.ofMinutes(2))));
    }

    /** What the command alert-rule does for a rule about people by id, and unknown people if told so. */
    private static void put(String rule, boolean unknown, String cameras, String targets, UUID... people)
            throws SQLException {
        Sql.on(
                GALLERY.as("facestream_curation"),
                sql -> sql.execute(
                        "select facestream.put_alert_rule(?, ?, false, false, ?, '{}', ?::text[], '{}', 'UTC',"
                                + " interval '0', ?::text[])",
                        rule,
                        Sql.array(
                                "text",
                                List.of(people).stream().map(UUID::toString).toArray()),
                        unknown,
                        cameras,
                        targets));
    }

    private static void curate(String statement) throws SQLException {
        Sql.on(GALLERY.as("facestream_curation"), sql -> sql.execute(statement));
    }

    /** The alerts, as rule and target, that somebody's next visit makes. */
    private List<String> alertsFor(UUID who) throws SQLException {
        return alertsFor(Visits.message("door", "v" + ++visits, 1, Sighting.Change.APPEARED, who, NOW));
    }

    private List<String> alertsFor(Sighting message) throws SQLException {
        store.store(List.of(message));
        return GALLERY.query("select rule || ' ' || target from facestream.alert_outbox where sighting_id = '"
                + message.sightingId() + "' order by 1");
    }

    private Sighting ofStranger() {
        Sighting of = Visits.message("door", "v" + ++visits, 1, Sighting.Change.APPEARED, null, NOW);
        return new Sighting(
                of.schemaVersion(),
                of.sightingId(),
                of.sequence(),
                of.change(),
                of.source(),
                of.camera(),
                of.firstSeen(),
                of.lastSeen(),
                of.firstAppendedAt(),
                of.lastAppendedAt(),
                of.frames(),
                new Subject(Subject.Kind.STRANGER, STRANGER, null, null, null),
                600L,
                of.best(),
                of.votes(),
                null,
                of.endedBy());
    }

    @Test
    void aRuleAppliesToTheNextVisitAndNoLongerOnceItIsRemoved() throws SQLException {
        assertThat(alertsFor(ADA)).isEmpty();

        put("ada", false, "{d*r}", "{phone,archive}", ADA);
        assertThat(alertsFor(ADA)).containsExactly("ada archive", "ada phone");
        assertThat(alertsFor(BOB)).isEmpty();
        put("ada", false, "{lobby}", "{phone}", ADA);
        assertThat(alertsFor(ADA)).isEmpty();
        put("ada", true, "{door}", "{phone}", BOB);
        assertThat(alertsFor(ADA)).isEmpty();
        assertThat(alertsFor((UUID) null)).containsExactly("ada phone");

        curate("select facestream.remove_alert_rule('ada')");
        assertThat(alertsFor((UUID) null)).isEmpty();
    }

    @Test
    void whoeverIsMergedIsToldOfByTheOthersRuleUntilThatIsUndone() throws SQLException {
        put("bob", false, "{*}", "{phone}", BOB);
        String command = UUID.randomUUID().toString();
        GALLERY.execute("insert into facestream.gallery_command (id, kind, state, answer) values ('" + command
                + "', 'merge', 'done', '{}')");

        curate("select facestream.merge_people('" + command + "', array['" + BOB + "'], '" + ADA + "')");
        assertThat(alertsFor(ADA)).containsExactly("bob phone");
        curate("select facestream.undo_command(gen_random_uuid(), '" + command + "')");

        assertThat(alertsFor(ADA)).isEmpty();
        assertThat(alertsFor(BOB)).containsExactly("bob phone");
    }

    @Test
    void nobodyIsToldOfWhoeverIsIgnoredAlthoughARuleNamesThem() throws SQLException {
        put("ada", false, "{*}", "{phone}", ADA);
        curate("select facestream.ignore_people(array['Ada'], true)");
        assertThat(alertsFor(ADA)).isEmpty();

        curate("select facestream.ignore_people(array['Ada'], false)");
        assertThat(alertsFor(ADA)).containsExactly("ada phone");
    }

    @Test
    void aStrangerIsToldOfByTheRuleThatNamesThemBeforeAndAfterTheyAreNamed() throws SQLException {
        put("passer-by", false, "{*}", "{phone}", STRANGER);
        put("ada", false, "{*}", "{phone}", ADA);
        assertThat(alertsFor(ofStranger())).containsExactly("passer-by phone");

        GALLERY.execute("update facestream.identity set kind = 'person', name = 'Eve' where id = '" + STRANGER + "'");
        assertThat(alertsFor(STRANGER)).containsExactly("passer-by phone");
    }

    @Test
    void aRuleOfTheSettingsIsInForceWhateverWasStoredUnderItsName() throws SQLException {
        put("night", false, "{*}", "{phone}", ADA);

        store = begin(List.of(TestRules.rule("night", "Bob", Duration.ZERO, "archive")));

        assertThat(alertsFor(ADA)).isEmpty();
        assertThat(alertsFor(BOB)).containsExactly("night archive");
        assertThat(GALLERY.query("select name, origin from facestream.alert_rules"))
                .containsExactly("night settings");
    }

    @Test
    void aTargetThatTheSettingsDoNotHaveAnyMoreIsLeftOut() throws SQLException {
        put("ada", false, "{*}", "{phone,archive}", ADA);
        put("bob", false, "{*}", "{phone}", BOB);

        var login = GALLERY.as("facestream_alerts");
        new PublishedSettings(login).publish(List.of(), List.of("archive"), Duration.ofDays(1));
        store = new AlertStore(
                login, new AlertRules(List.of(), Duration.ZERO, Map.of("archive", Duration.ofMinutes(2))));

        assertThat(alertsFor(ADA)).containsExactly("ada archive");
        assertThat(alertsFor(BOB)).isEmpty();
        assertThat(GALLERY.query("select name, missing_targets from facestream.alert_rules order by 1"))
                .containsExactly("ada {phone}", "bob {phone}");
        assertThat(GALLERY.query("select name, keep from facestream.alert_target"))
                .containsExactly("archive 24:00:00");
    }

    @Test
    void aRuleThatThisBuildCannotReadStandsInNobodysWay() throws SQLException {
        put("ada", false, "{*}", "{phone}", ADA);
        put("later", true, "{*}", "{phone}");
        GALLERY.execute("update facestream.alert_rule set spans = '{when it is dark}' where name = 'later'");

        assertThat(alertsFor(ADA)).containsExactly("ada phone");
        assertThat(alertsFor((UUID) null)).isEmpty();
    }

    @Test
    void whoeverIsErasedLeavesTheOthersOfTheirRules() throws SQLException {
        put("both", false, "{*}", "{phone}", ADA, BOB);
        put("ada", false, "{*}", "{phone}", ADA);

        GALLERY.execute("select facestream.erase_person('Ada')");

        assertThat(alertsFor(ADA)).isEmpty();
        assertThat(alertsFor(BOB)).containsExactly("both phone");
        assertThat(GALLERY.query("select name from facestream.alert_rule")).containsExactly("both");
    }
}
