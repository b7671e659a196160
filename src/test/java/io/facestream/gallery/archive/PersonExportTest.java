package io.facestream.gallery.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.gallery.TestGallery;
import io.facestream.gallery.archive.GalleryExport.Choice;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks what is held of them gets all of it, and nobody else's face. */
class PersonExportTest {
    private static final TestGallery DATABASE = TestGallery.of(PersonExportTest.class);
    private static final UUID STRANGER = UUID.fromString("00000000-0000-4000-8000-00000000000b");
    private static final UUID MERGED = UUID.fromString("00000000-0000-4000-8000-00000000000c");

    @TempDir
    private Path folder;

    private UUID ada;
    private UUID eve;

    @BeforeEach
    void fill() throws Exception {
        DATABASE.renewSchema();
        DATABASE.addTwoVersions();
        ada = DATABASE.addPerson("Ada", 1, 1);
        eve = DATABASE.addPerson("Eve", 1, 1000);
        DATABASE.execute(
                """
                select facestream.make_sighting_days(array[current_date]);
                insert into facestream.identity (id, kind) values ('%3$s', 'stranger');
                insert into facestream.identity (id, kind, merged_into) values ('%4$s', 'stranger', '%1$s');
                insert into facestream.stranger (identity_id, expires_at)
                    select i.id, now() + interval '1 day' from facestream.identity i where i.kind = 'stranger';
                insert into facestream.stranger_visit (source, sighting_id, identity_id)
                    values ('s', 'told before', '%4$s');
                insert into facestream.stranger_chip (identity_id, sha256, chip, quality, source_topic,
                        source_partition, source_offset)
                    values ('%3$s', sha256('chip'), 'passer-by', '{}', 'detected-faces', 0, 1);
                insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind, identity_id,
                        first_seen, last_seen, first_appended_at, last_appended_at, frames, best)
                    select 's', v.id, current_date, 1, 'left', v.camera, 'person', v.who::uuid, now(), now(), now(),
                        now(), 1, '{}'
                    from (values ('v', 'lobby', '%1$s'), ('w', 'garden', '%4$s'), ('x', 'cellar', '%2$s'))
                        v(id, camera, who);
                insert into facestream.sighting_shot (source, sighting_id, day, event_id, identity_id, appended_at,
                        chip)
                    values ('s', 'w', current_date, 'e', '%4$s', now(), 'her shot');
                insert into facestream.training_command (id, command)
                    values (gen_random_uuid(), '{"people": ["Ada"]}')"""
                        .formatted(ada, eve, STRANGER, MERGED));
        // Eve's visit was alerted as Ada's, and said to be Eve's; Ada was merged into Eve, which was undone.
        DATABASE.execute(
                """
                insert into facestream.alert_outbox (id, rule, target, source, sighting_id, subject, sequence, change,
                        camera, kind, identity_id, supersedes_id, first_seen, last_seen, first_appended_at,
                        last_appended_at, frames, best, cool_down, state, due_at)
                    values (gen_random_uuid(), 'all', 'log', 's', 'y', '%2$s', 2, 'updated', 'garden', 'person',
                        '%2$s', '%1$s', now(), now(), now(), now(), 1, '{}', '0 s', 'sent', now());
                insert into facestream.sighting_correction (source, sighting_id, day, identity_id, is_theirs,
                        former_id, command_id)
                    values ('s', 'y', current_date, '%2$s', true, '%1$s', gen_random_uuid());
                with merge as (insert into facestream.gallery_command (id, kind, answer, state)
                    values (gen_random_uuid(), 'merge', '{}', 'done') returning id)
                insert into facestream.gallery_undo (command_id, identity_id, previous)
                    select m.id, '%1$s', '%2$s' from merge m"""
                        .formatted(ada, eve));
        deny("Ada", 500, "somebody else");
        deny("Eve", 1, "her face");
        DATABASE.execute("select facestream.deny_visit(gen_random_uuid(), 's', 'v', '" + ada + "')");
    }

    /** A face that lies where the photo of that number would. */
    private static void deny(String person, int point, String chip) throws Exception {
        DATABASE.execute(
                """
                select facestream.add_negative(gen_random_uuid(), '%s', '/cameras/lobby', 'f#%d', '%s',
                    array_agg(v.version), array_agg(l2_normalize(('[1,%2$d,' || length(v.version) || ']')::vector)::text))
                from facestream.model_version v"""
                        .formatted(person, point, chip));
    }

    private String export(UUID person, String entry) throws Exception {
        try (ZipFile zip = open(person)) {
            return new String(zip.getInputStream(zip.getEntry(entry)).readAllBytes(), UTF_8);
        }
    }

    private ZipFile open(UUID person) throws Exception {
        Path file = folder.resolve(UUID.randomUUID() + ".zip");
        new GalleryExport(DATABASE.dataSource()).write(file, new Choice(person, false, true));
        return new ZipFile(file.toFile());
    }

    private List<String> traces(UUID person, String what) throws Exception {
        return export(person, "traces.jsonl")
                .lines()
                .filter(line -> line.contains("\"what\": \"" + what + "\""))
                .toList();
    }

    @Test
    void thePersonAndWhoWasMergedIntoThePersonAreListed() throws Exception {
        assertThat(export(ada, "people.jsonl").lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("Ada"))
                .anyMatch(line -> line.contains(MERGED.toString()));
    }

    @Test
    void everyNameIsListedAlsoOneThatWasTakenBack() throws Exception {
        DATABASE.execute("update facestream.identity set name = 'Ida' where id = '" + ada + "'");
        DATABASE.execute("update facestream.identity set name = 'Ada' where id = '" + ada + "'");

        assertThat(traces(ada, "name"))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"Ada\""))
                .anyMatch(line -> line.contains("\"Ida\""));
    }

    @Test
    void visitsAreListedWithThoseOfStrangersWhoAreThePerson() throws Exception {
        assertThat(traces(ada, "visit")).singleElement().asString().contains("garden");
        assertThat(traces(ada, "stranger"))
                .singleElement()
                .asString()
                .contains(MERGED.toString(), "expiresAt", "told before");
    }

    @Test
    void whatPeopleSaidOfVisitsIsListed() throws Exception {
        assertThat(traces(ada, "correction"))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"sighting_id\": \"v\"") && line.contains("\"is_theirs\": false"))
                .anyMatch(line -> line.contains("\"former_id\": \"" + ada) && line.contains("\"identity_id\": null"));
    }

    @Test
    void ofWhatIsSomebodyElsesTooOnlyTheirOwnIdIsListed() throws Exception {
        assertThat(traces(ada, "alert"))
                .singleElement()
                .asString()
                .contains("\"supersedes_id\": \"" + ada, "\"identity_id\": null", "\"subject\": null");
        assertThat(traces(ada, "undo"))
                .singleElement()
                .asString()
                .contains("\"identity_id\": \"" + ada, "\"previous\": null");
    }

    @Test
    void negativesAreListedWithPicturesOfThePersonOnly() throws Exception {
        assertThat(traces(ada, "negative"))
                .hasSize(2)
                .anyMatch(line -> line.contains("f#500")
                        && line.contains("\"isSaidNotToBeThem\": true")
                        && !line.contains("\"shot\""))
                .anyMatch(line -> line.contains("\"eventId\": \"f#1\"") && line.contains("\"shot\": 2"));
        assertThat(export(ada, "shots/1.png")).isEqualTo("her shot");
        assertThat(export(ada, "shots/2.png")).isEqualTo("her face");
    }

    @Test
    void trainingsAndTheTrailAreListed() throws Exception {
        assertThat(traces(ada, "training")).hasSize(1);
        assertThat(traces(ada, "template")).hasSize(2);
        assertThat(traces(ada, "audit")).anyMatch(line -> line.contains("\"action\": \"export\""));
    }

    @Test
    void rulesOfAlertsThatNameThemAreListed() throws Exception {
        DATABASE.execute(
                """
                insert into facestream.alert_rule
                    select r, false, false, false, '{}', '{lobby}', '{}', 'UTC', '0', '{phone}'
                    from unnest(array['hers', 'merged', 'others']) r;
                insert into facestream.alert_rule_person values ('hers', '%s'), ('merged', '%s'), ('others', '%s')"""
                        .formatted(ada, MERGED, eve));

        assertThat(traces(ada, "alert-rule"))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"rule\": \"hers\"") && line.contains("\"cameras\": [\"lobby\"]"))
                .anyMatch(line -> line.contains("\"rule\": \"merged\""));
    }

    @Test
    void nothingIsInItOfAnybodyElse() throws Exception {
        try (ZipFile zip = open(ada)) {
            for (ZipEntry entry : zip.stream().toList()) {
                assertThat(new String(zip.getInputStream(entry).readAllBytes(), UTF_8))
                        .as(entry.getName())
                        .doesNotContain("Eve", eve.toString(), "cellar", "somebody else", "passer-by");
            }
        }
    }

    @Test
    void aStrangerIsExportedWithFacesAndTraces() throws Exception {
        try (ZipFile zip = open(STRANGER);
                Stream<? extends ZipEntry> entries = zip.stream()) {
            assertThat(entries.map(ZipEntry::getName).filter(name -> name.startsWith("photos/")))
                    .hasSize(1);
        }
        assertThat(export(STRANGER, "people.jsonl"))
                .contains(STRANGER.toString())
                .doesNotContain("\"name\"");
        assertThat(traces(STRANGER, "stranger")).hasSize(1);
        assertThat(traces(STRANGER, "audit")).isNotEmpty();
    }
}
