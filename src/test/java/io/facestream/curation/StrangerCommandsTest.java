package io.facestream.curation;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.curation.message.GalleryCommand.Discard;
import io.facestream.curation.message.GalleryCommand.Erase;
import io.facestream.curation.message.GalleryCommand.Extend;
import io.facestream.curation.message.GalleryCommand.Ignore;
import io.facestream.curation.message.GalleryCommand.Merge;
import io.facestream.curation.message.GalleryCommand.Name;
import io.facestream.curation.message.GalleryCommand.Rename;
import io.facestream.curation.message.GalleryCommand.Undo;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.Erased;
import io.facestream.database.Sql;
import io.facestream.gallery.TestGallery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people do with strangers: name, merge, keep for longer, discard, and take it back. */
class StrangerCommandsTest {
    private static final TestGallery DATABASE = TestGallery.of(StrangerCommandsTest.class);

    private CuratedGallery gallery;

    @BeforeEach
    void fill() throws Exception {
        gallery = new CuratedGallery(DATABASE);
    }

    private static UUID id() {
        return UUID.randomUUID();
    }

    /** A stranger with a chip of that vector, who was told of in one visit of that id. */
    private static UUID stranger(String visit, String vector) throws Exception {
        String face =
                """
                [{"sha256": "%s", "chip": "Y2hpcA==", "quality": {}, "topic": "detected-faces", "partition": 0,
                  "offset": 1, "vectors": {"first-1": {"embedding": "%s", "norm": 70},
                  "second-1": {"embedding": "%s", "norm": 70}}}]"""
                        .formatted(
                                DATABASE.query("select encode(sha256('" + visit + "'), 'base64')")
                                        .get(0),
                                vector,
                                vector);
        UUID stranger = Sql.on(
                        DATABASE.as("facestream_curation"),
                        sql -> sql.first(
                                "select facestream.keep_stranger('camera', ?, null, interval '30 days', 0.003, 0.05,"
                                        + " 0.4, ?::jsonb)",
                                row -> row.getObject(1, UUID.class),
                                visit,
                                face))
                .orElseThrow();
        DATABASE.execute("select facestream.make_sighting_days(array[current_date])");
        DATABASE.execute(
                """
                insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind,
                    first_seen, last_seen, first_appended_at, last_appended_at, frames, best)
                values ('camera', '%s', current_date, 1, 'left', 'door', 'unknown', now(), now(), now(), now(), 3,
                    '{}')"""
                        .formatted(visit));
        return stranger;
    }

    private static List<String> log() throws Exception {
        return DATABASE.query("select sighting_id, kind, identity_id, name from facestream.sighting_log order by 1");
    }

    private static List<String> templates() throws Exception {
        return DATABASE.query("select identity_id, chips from facestream.stranger_template"
                + " where model_version = 'first-1' order by 1");
    }

    private static List<String> strangers() throws Exception {
        return DATABASE.query("select id, chips, visits from facestream.strangers order by kept_at");
    }

    @Test
    void aStrangerWhoIsNamedIsAPersonAndThePastFollows() throws Exception {
        UUID stranger = stranger("a", "[1,0,0]");

        GalleryEvent answer = gallery.done(new Name(id(), stranger, "Ada"));

        assertThat(answer.person()).isEqualTo(stranger);
        assertThat(answer.samples()).isEqualTo(1);
        assertThat(gallery.people()).containsExactly("Ada 1");
        assertThat(log()).containsExactly("a person " + stranger + " Ada");
        assertThat(strangers()).isEmpty();
        assertThat(templates()).isEmpty();
    }

    @Test
    void aStrangerWhoIsGivenTheNameOfAPersonIsThatPerson() throws Exception {
        UUID bob = gallery.person("Bob", 1, 5);
        UUID stranger = stranger("a", "[1,0,0]");

        assertThat(gallery.done(new Name(id(), stranger, "Bob")).person()).isEqualTo(bob);

        assertThat(gallery.people()).containsExactly("Bob 2");
        assertThat(log()).containsExactly("a person " + bob + " Bob");
        assertThat(strangers()).isEmpty();
    }

    /** A stranger has no name, so that whoever the stranger turns out to be has no former one by it. */
    @Test
    void aStrangerWhoIsMergedIntoAPersonIsNoFormerName() throws Exception {
        gallery.person("Bob", 1, 5);
        UUID stranger = stranger("a", "[1,0,0]");

        gallery.done(new Merge(id(), List.of(stranger.toString()), "Bob"));

        assertThat(DATABASE.query("select former_names from facestream.people")).containsExactly("{}");
    }

    @Test
    void aNamingIsUndone() throws Exception {
        UUID stranger = stranger("a", "[1,0,0]");
        UUID command = id();
        gallery.done(new Name(command, stranger, "Ada"));

        gallery.done(new Undo(id(), command));

        assertThat(gallery.people()).isEmpty();
        assertThat(strangers()).containsExactly(stranger + " 1 1");
        assertThat(templates()).containsExactly(stranger + " 1");
        assertThat(log()).containsExactly("a stranger " + stranger + " null");
    }

    @Test
    void strangersAreMergedAndUnmerged() throws Exception {
        UUID one = stranger("a", "[1,0,0]");
        UUID other = stranger("b", "[0,1,0]");
        UUID command = id();

        gallery.done(new Merge(command, List.of(other.toString()), one.toString()));

        assertThat(strangers()).containsExactly(one + " 2 2");
        assertThat(templates()).containsExactly(one + " 2");
        assertThat(log()).containsExactly("a stranger " + one + " null", "b stranger " + one + " null");

        gallery.done(new Undo(id(), command));
        assertThat(strangers()).containsExactlyInAnyOrder(one + " 1 1", other + " 1 1");
        assertThat(templates()).containsExactlyInAnyOrder(one + " 1", other + " 1");
    }

    @Test
    void aStrangerIsMergedIntoAPersonAndUnmerged() throws Exception {
        UUID bob = gallery.person("Bob", 1, 5);
        UUID stranger = stranger("a", "[1,0,0]");
        UUID command = id();

        GalleryEvent answer = gallery.done(new Merge(command, List.of(stranger.toString()), "Bob"));

        assertThat(answer.samples()).isEqualTo(1);
        assertThat(gallery.people()).containsExactly("Bob 2");
        assertThat(log()).containsExactly("a person " + bob + " Bob");
        assertThat(templates()).isEmpty();

        gallery.done(new Undo(id(), command));
        assertThat(gallery.people()).containsExactly("Bob 1");
        assertThat(strangers()).containsExactly(stranger + " 1 1");
        assertThat(templates()).containsExactly(stranger + " 1");
    }

    @Test
    void whatOnlyPeopleHaveIsRefusedForStrangers() throws Exception {
        gallery.person("Bob", 1, 5);
        UUID stranger = stranger("a", "[1,0,0]");

        gallery.rejected(new Rename(id(), stranger.toString(), "Ada"), "is-stranger");
        gallery.rejected(new Merge(id(), List.of("Bob"), stranger.toString()), "is-stranger");
        gallery.rejected(new Name(id(), id(), "Ada"), "no-such-stranger");
        gallery.done(new Name(id(), stranger, "Ada"));
        gallery.rejected(new Name(id(), stranger, "Eve"), "no-such-stranger");
        gallery.rejected(new Discard(id(), List.of(stranger)), "no-such-stranger");
    }

    @Test
    void nobodyIsAlertedAboutAStrangerWhoIsIgnored() throws Exception {
        UUID stranger = stranger("a", "[1,0,0]");

        assertThat(gallery.done(new Ignore(id(), List.of(stranger.toString()))).people())
                .isEqualTo(1);

        assertThat(DATABASE.query("select id, ignored from facestream.strangers"))
                .containsExactly(stranger + " t");
    }

    @Test
    void aStrangerIsKeptForLonger() throws Exception {
        UUID stranger = stranger("a", "[1,0,0]");

        gallery.done(new Extend(id(), List.of(stranger), Duration.ofDays(90)));

        assertThat(DATABASE.query(
                        "select (extract(epoch from expires_at - now()) / 86400)::int" + " from facestream.strangers"))
                .containsExactly("90");
        gallery.rejected(new Extend(id(), List.of(stranger), Duration.ofDays(401)), "bad-duration");
    }

    @Test
    void aStrangerWhoIsDiscardedIsGoneAndItsVisitsAreNobodys() throws Exception {
        UUID stranger = stranger("a", "[1,0,0]");

        assertThat(gallery.done(new Discard(id(), List.of(stranger))).people()).isEqualTo(1);

        assertThat(strangers()).isEmpty();
        assertThat(templates()).isEmpty();
        assertThat(log()).containsExactly("a unknown null null");
        assertThat(DATABASE.query("select count(*) from facestream.stranger_chip"))
                .containsExactly("0");
    }

    @Test
    void anErasureTakesStrangersWhoWereMergedIntoThePerson() throws Exception {
        gallery.person("Bob", 1, 5);
        UUID merged = stranger("a", "[1,0,0]");
        UUID into = stranger("b", "[0,1,0]");
        UUID other = stranger("c", "[0,0,-1]");
        gallery.done(new Merge(id(), List.of(merged.toString()), into.toString()));
        gallery.done(new Merge(id(), List.of(into.toString()), "Bob"));

        GalleryEvent answer = gallery.ask(new Erase(id(), "Bob", null, null));

        Map<String, Erased> receipt = answer.erased().stream().collect(Collectors.toMap(Erased::table, rows -> rows));
        assertThat(receipt.get("identity").rows()).isEqualTo(3);
        assertThat(receipt.get("stranger").rows()).isEqualTo(2);
        assertThat(receipt.get("stranger_visit").rows()).isEqualTo(2);
        assertThat(receipt.get("face_sample").rows()).isEqualTo(3);
        assertThat(receipt.values())
                .allSatisfy(rows -> assertThat(rows.remaining()).isZero());
        assertThat(strangers()).containsExactly(other + " 1 1");
        gallery.rejected(new Name(id(), merged, "Bob"), "erased");
    }

    @Test
    void aStrangerWhoAsksForItIsErasedWithAReceipt() throws Exception {
        UUID stranger = stranger("a", "[1,0,0]");

        GalleryEvent answer = gallery.ask(new Erase(id(), stranger.toString(), null, null));

        Map<String, Erased> receipt = answer.erased().stream().collect(Collectors.toMap(Erased::table, rows -> rows));
        assertThat(receipt.get("stranger_chip").rows()).isEqualTo(1);
        assertThat(receipt.get("stranger_embedding").rows()).isEqualTo(2);
        assertThat(receipt.get("stranger_template").rows()).isEqualTo(2);
        assertThat(strangers()).isEmpty();
        assertThat(DATABASE.query(
                        "select command_id, detail ->> 'stranger' from facestream.audit" + " where action = 'erase'"))
                .containsExactly(answer.commandId() + " " + stranger);
    }

    @Test
    void anErasureOfAStrangerTakesNegativesThatShowTheStranger() throws Exception {
        gallery.person("Bob", 1, 5);
        UUID stranger = stranger("a", "[1,0,0]");
        UUID merged = stranger("b", "[0,1,0]");
        gallery.done(new Merge(id(), List.of(merged.toString()), stranger.toString()));
        DATABASE.execute(
                """
                select facestream.add_negative(gen_random_uuid(), 'Bob', '/cameras/lobby', f.event, 'chip',
                    array['first-1', 'second-1'], array[f.vector, f.vector])
                from (values ('theirs', '[0.8,0.6,0]'), ('another', '[0,0,1]')) f(event, vector)""");

        GalleryEvent answer = gallery.done(new Erase(id(), merged.toString(), null, null));

        assertThat(DATABASE.query("select event_id from facestream.negative")).containsExactly("another");
        assertThat(answer.erased()).contains(new Erased("negative", 1, 0), new Erased("negative_embedding", 2, 0));
    }

    @Test
    void aPersonsPhotosFromAStrangerOutliveTheTimeThatTheStrangerHad() throws Exception {
        UUID stranger = stranger("a", "[1,0,0]");
        gallery.done(new Name(id(), stranger, "Ada"));
        DATABASE.execute("update facestream.stranger set expires_at = now() - interval '1 s'");

        DATABASE.query("select facestream.expire_strangers(100)");

        assertThat(gallery.people()).containsExactly("Ada 1");
    }
}
