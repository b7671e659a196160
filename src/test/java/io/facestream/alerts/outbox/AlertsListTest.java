package io.facestream.alerts.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.alerts.Visits;
import io.facestream.alerts.rules.TestRules;
import io.facestream.cli.CommandRun;
import io.facestream.gallery.TestGallery;
import io.facestream.sightings.message.Sighting;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code alerts list} shows of a real outbox: one alert that was sent, one that was refused, one that waits. */
class AlertsListTest {
    private static final TestGallery GALLERY = TestGallery.of(AlertsListTest.class);
    private static final UUID ADA = new UUID(0, 0xada);
    private static final Duration MAX_AGE = Duration.ofMinutes(2);

    @BeforeAll
    static void storeAlerts() throws SQLException {
        GALLERY.renew();
        GALLERY.execute(
                "insert into facestream.identity (id, kind, name) values ('" + ADA + "', 'person', 'Ada Lovelace')");
        AlertStore store = new AlertStore(
                GALLERY.as("facestream_alerts"),
                new AlertRules(
                        List.of(TestRules.rule("all", "anybody", Duration.ZERO, "phone", "archive")),
                        Duration.ZERO,
                        Map.of("phone", MAX_AGE, "archive", MAX_AGE)));
        store.store(List.of(visit("a#0", ADA)));
        Outbox outbox = new Outbox(GALLERY.as("facestream_alerts"));
        outbox.sent(outbox.look("phone", MAX_AGE, 1000).claim().orElseThrow());
        outbox.fail(outbox.look("archive", MAX_AGE, 1000).claim().orElseThrow(), "answers 410 \033[2J\n");
        store.store(List.of(visit("b#0", null)));
    }

    private static Sighting visit(String id, UUID identity) {
        return Visits.message("door", id, 1, Sighting.Change.APPEARED, identity, Instant.now());
    }

    private static CommandRun list(String... options) {
        List<String> arguments = new ArrayList<>(List.of("alerts", "list"));
        arguments.addAll(List.of(options));
        try (CommandRun.Properties properties = new CommandRun.Properties(GALLERY.asProperties())) {
            return CommandRun.of(arguments.toArray(new String[0]));
        }
    }

    @Test
    void theLatestComeFirstWithWhatBecameOfThemAndADeadLetterSaysWhy() {
        List<String> lines = list().out().lines().toList();

        assertThat(lines).hasSize(4);
        assertThat(lines.subList(0, 2))
                .allSatisfy(line -> assertThat(line).contains("waiting", "all", "door", "unknown"));
        assertThat(lines).anySatisfy(line -> assertThat(line)
                .contains("failed", "archive", "Ada Lovelace")
                .endsWith("(answers 410 \ufffd[2J\ufffd)"));
    }

    @Test
    void anAlertAsJsonHasTheFieldsOfTheViewAndNoneThatIsAbsent() {
        assertThat(list("--json", "--target", "phone", "--state", "sent").out())
                .startsWith("{\"alertId\":\"")
                .contains(
                        "\"rule\":\"all\",\"target\":\"phone\",\"state\":\"sent\",\"camera\":\"door\","
                                + "\"kind\":\"person\"",
                        "\"name\":\"Ada Lovelace\"",
                        "\"sightingId\":\"a#0\"",
                        "\"doneAt\":\"")
                .doesNotContain("failure");
    }

    @Test
    void itIsNarrowedByStateRuleTargetPersonCameraAndTime() {
        assertThat(list("--state", "failed").out().lines()).hasSize(1);
        assertThat(list("--person", "Ada Lovelace").out().lines()).hasSize(2);
        assertThat(list("--camera", "door", "--rule", "all").out().lines()).hasSize(4);
        assertThat(list("--rule", "night").out()).isEqualTo("No alerts.\n");
        assertThat(list("--to", "2026-01-01").out()).isEqualTo("No alerts.\n");
        assertThat(list("--limit", "1").out().lines()).hasSize(2).contains("There may be more: see --limit.");
    }

    @Test
    void whatIsNotAllowedIsSaidInOneLine() {
        assertThat(list("--state", "lost").err())
                .startsWith("--state is one of waiting, sent, failed, expired, cancelled, cooled-down, dropped,"
                        + " not 'lost'");
        assertThat(list("--from", "yesterday").exitCode()).isEqualTo(2);
        assertThat(list("--limit", "0").err()).startsWith("--limit is 1 to 100000, not 0");
    }
}
