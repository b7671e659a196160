package io.facestream.cli.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.cli.CommandRun;
import io.facestream.gallery.TestGallery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code gallery alert-rule list} shows, and what {@code add} refuses before it asks anybody. */
class AlertRuleListTest {
    private static final TestGallery GALLERY = TestGallery.of(AlertRuleListTest.class);
    private static final UUID ADA = new UUID(0, 0xada);

    @BeforeAll
    static void fill() throws SQLException {
        GALLERY.renew();
        GALLERY.execute(
                """
                insert into facestream.identity (id, kind, name) values ('%s', 'person', 'Ada');
                insert into facestream.identity (kind, name) select 'person', 'Person ' || n from generate_series(1, 11) n;
                insert into facestream.alert_target values ('phone', '7 days');
                insert into facestream.alert_settings_rule values ('night');
                insert into facestream.alert_rule values
                    ('all', true, false, true, '{staff}', '{*}', '{}', 'UTC', '0', '{phone}'),
                    ('door', false, true, false, '{}', '{front-*,side}', '{mon-fri 22:00-06:00}', 'Europe/Berlin',
                     '10 minutes', '{phone,old}');
                insert into facestream.alert_rule_person select 'door', id from facestream.identity"""
                        .formatted(ADA));
    }

    private static CommandRun run(String... options) {
        List<String> arguments = new ArrayList<>(List.of("gallery", "alert-rule"));
        arguments.addAll(List.of(options));
        try (CommandRun.Properties properties = new CommandRun.Properties(GALLERY.asProperties())) {
            return CommandRun.of(arguments.toArray(new String[0]));
        }
    }

    @Test
    void aRuleIsALineThatSaysWhoWhereWhenAndWhoIsTold() {
        assertThat(run("list").out().lines())
                .containsExactly(
                        "all              anybody, tag:staff at * to phone",
                        "door             strangers, Ada, Person 1, Person 10, Person 11, Person 2, Person 3, Person 4,"
                                + " Person 5, Person 6, Person 7, 2 more at front-*, side, mon-fri 22:00-06:00"
                                + " Europe/Berlin, cool-down PT10M to phone, old  (no target: old)",
                        "night            (of the settings)");
    }

    @Test
    void aRuleAsJsonHasTheFieldsOfTheCommand() {
        assertThat(run("list", "--json").out().lines().toList().get(1))
                .contains(
                        "\"rule\":\"door\",\"origin\":\"command\",\"who\":[\"strangers\"],\"people\":12",
                        "\"where\":[\"front-*\",\"side\"],\"when\":[\"mon-fri 22:00-06:00\"],"
                                + "\"zone\":\"Europe/Berlin\",\"coolDown\":\"PT10M\",\"targets\":[\"phone\",\"old\"],"
                                + "\"missingTargets\":[\"old\"]");
    }

    @Test
    void whatIsNoRuleIsRefusedAtOnce() {
        CommandRun run = run("add", "The Door", "--who", "anybody", "--target", "phone");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("rule: a name is 1 to 63 of the characters a-z 0-9 -");
    }
}
