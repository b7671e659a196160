package io.facestream.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.cli.CommandRun;
import io.facestream.gallery.TestGallery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists know a person by everything that commands know the person by. */
class IdentitiesTest {
    private static final TestGallery GALLERY = TestGallery.of(IdentitiesTest.class);
    private static final UUID MERGED = UUID.fromString("00000000-0000-4000-8000-00000000000d");

    private UUID ada;

    /** Ada was called Augusta before, and Countess, who had a visit and an alert, turned out to be Ada. */
    @BeforeEach
    void fill() throws SQLException {
        GALLERY.renewSchema();
        GALLERY.addTwoVersions();
        ada = GALLERY.addPerson("Ada", 1, 1);
        GALLERY.execute(
                """
                insert into facestream.identity_alias (name, identity_id) values ('Augusta', '%1$s');
                insert into facestream.identity (id, kind, name, merged_into)
                    values ('%2$s', 'person', 'Countess', '%1$s');
                select facestream.make_sighting_days(array[current_date]);
                insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind, identity_id,
                        first_seen, last_seen, first_appended_at, last_appended_at, frames, best)
                    values ('/cameras/lobby', 'v', current_date, 1, 'left', 'lobby', 'person', '%2$s', now(), now(),
                        now(), now(), 1, '{}');
                insert into facestream.alert_outbox (id, rule, target, source, sighting_id, subject, sequence, change,
                        camera, kind, identity_id, first_seen, last_seen, first_appended_at, last_appended_at, frames,
                        best, cool_down, state, due_at)
                    values (gen_random_uuid(), 'all', 'log', '/cameras/lobby', 'v', '%2$s', 1, 'appeared', 'lobby',
                        'person', '%2$s', now(), now(), now(), now(), 1, '{}', '0 s', 'sent', now())"""
                        .formatted(ada, MERGED));
    }

    private static CommandRun run(String... arguments) {
        try (CommandRun.Properties properties = new CommandRun.Properties(GALLERY.asProperties())) {
            return CommandRun.of(arguments);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ada", "Augusta", "Countess", "00000000-0000-4000-8000-00000000000D"})
    void photosVisitsAndAlertsAreListedByEveryNameAndId(String who) {
        assertThat(run("gallery", "photos", who, "--json").out()).contains(ada.toString());
        assertThat(run("sightings", "list", "--person", who).out()).contains("lobby", "Ada");
        assertThat(run("alerts", "list", "--person", who).out()).contains("lobby", "Ada");
        assertThat(run("gallery", "look-alikes", "--person", who).outLines())
                .containsExactly("No people who look alike.");
    }

    @Test
    void whoeverIsNobodyIsWrongUsageOfEveryList() {
        for (CommandRun run : new CommandRun[] {
            run("gallery", "photos", "Bob"),
            run("gallery", "look-alikes", "--person", "Bob"),
            run("sightings", "list", "--person", "Bob"),
            run("alerts", "list", "--person", "Bob")
        }) {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).startsWith("nobody in the gallery has that name or id");
        }
    }

    @Test
    void whoeverMayReadTheGalleryFindsPeople() throws SQLException {
        try (Connection reader = GALLERY.reader()) {
            assertThat(TestGallery.query(reader, "select facestream.find_identity('Augusta')"))
                    .containsExactly(ada.toString());
        }
    }
}
