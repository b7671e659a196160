package io.facestream.curation;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.curation.message.GalleryCommand.Create;
import io.facestream.curation.message.GalleryCommand.DeleteSample;
import io.facestream.curation.message.GalleryCommand.Erase;
import io.facestream.curation.message.GalleryCommand.Ignore;
import io.facestream.curation.message.GalleryCommand.Merge;
import io.facestream.curation.message.GalleryCommand.Rename;
import io.facestream.curation.message.GalleryCommand.Split;
import io.facestream.curation.message.GalleryCommand.Tag;
import io.facestream.curation.message.GalleryCommand.Undo;
import io.facestream.curation.message.GalleryCommand.Unignore;
import io.facestream.curation.message.GalleryCommand.Untag;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.gallery.TestGallery;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each command does to the gallery. */
class GalleryChangesTest {
    private static final TestGallery DATABASE = TestGallery.of(GalleryChangesTest.class);

    private CuratedGallery gallery;

    @BeforeEach
    void fill() throws Exception {
        gallery = new CuratedGallery(DATABASE);
    }

    private static UUID id() {
        return UUID.randomUUID();
    }

    @Test
    void aPersonIsMadeWithTagsAndIsThereOnce() throws Exception {
        GalleryEvent made = gallery.done(new Create(id(), "  Ada \u00a0Lovelace ", List.of("staff", "founder")));

        assertThat(gallery.people()).containsExactly("Ada Lovelace 0");
        assertThat(DATABASE.query(
                        "select tag from facestream.person_tag where identity_id = '" + made.person() + "' order by 1"))
                .containsExactly("founder", "staff");
        gallery.rejected(new Create(id(), "Ada Lovelace", null), "name-taken");
    }

    @Test
    void aFormerNameIsStillThePersonsUntilSomebodyElseIsGivenIt() throws Exception {
        UUID ada = gallery.person("Ada Byron", 2, 1);

        assertThat(gallery.done(new Rename(id(), "Ada Byron", "Ada King")).person())
                .isEqualTo(ada);
        assertThat(gallery.done(new Rename(id(), "Ada Byron", "Ada Lovelace")).person())
                .isEqualTo(ada);
        assertThat(named("Ada Byron")).isEqualTo(ada.toString());
        assertThat(named("Ada King")).isEqualTo(ada.toString());

        UUID other = gallery.done(new Create(id(), "Ada Byron", null)).person();
        assertThat(named("Ada Byron")).isEqualTo(other.toString());
        gallery.rejected(new Rename(id(), ada.toString(), "Ada Byron"), "name-taken");
        gallery.rejected(new Rename(id(), ada.toString(), "Ada Lovelace"), "same-name");
        gallery.rejected(new Rename(id(), "Charles", "Babbage"), "no-such-person");
        gallery.rejected(new Rename(id(), id().toString(), "Babbage"), "no-such-person");
    }

    private static String named(String name) throws Exception {
        return DATABASE.query("select facestream.person_named('" + name + "')").get(0);
    }

    @Test
    void aRenamingIsUndone() throws Exception {
        UUID ada = gallery.person("Ada", 1, 1);
        UUID command = id();
        gallery.done(new Rename(command, "Ada", "Eve"));

        gallery.done(new Undo(id(), command));

        assertThat(gallery.people()).containsExactly("Ada 1");
        assertThat(named("Ada")).isEqualTo(ada.toString());
        assertThat(DATABASE.query("select facestream.person_named('Eve') is null"))
                .containsExactly("t");
        gallery.rejected(new Undo(id(), command), "already-undone");
        gallery.rejected(new Undo(id(), id()), "no-such-command");
    }

    /** As many as a command may name, by id. */
    @Test
    void tenThousandPeopleAreChangedByOneCommand() throws Exception {
        UUID one = gallery.person("One", 1, 1);
        List<String> people = DATABASE.query("insert into facestream.identity (kind, name)"
                + " select 'person', 'person ' || i from generate_series(1, 10000) i returning id");

        assertThat(gallery.done(new Tag(id(), people, "guest")).people()).isEqualTo(10_000);
        assertThat(gallery.done(new Ignore(id(), people)).people()).isEqualTo(10_000);
        assertThat(DATABASE.query("select count(*) from facestream.people where ignored and tags = '{guest}'"))
                .containsExactly("10000");

        UUID merge = id();
        assertThat(gallery.done(new Merge(merge, people, one.toString())).people())
                .isEqualTo(10_000);
        assertThat(gallery.people()).containsExactly("One 1");

        gallery.done(new Undo(id(), merge));
        assertThat(DATABASE.query("select count(*) from facestream.people where ignored and tags = '{guest}'"))
                .containsExactly("10000");
    }

    @Test
    void tenThousandPhotosAreSplitOffAndDeletedByOneCommand() throws Exception {
        UUID one = gallery.person("One", 10_000, 1);
        UUID other = id();

        GalleryEvent split = gallery.done(new Split(other, gallery.samples(one), null, "Other"));
        assertThat(split.samples()).isEqualTo(10_000);
        assertThat(gallery.people()).containsExactly("One 0", "Other 10000");

        assertThat(gallery.done(new DeleteSample(id(), gallery.samples(split.person())))
                        .samples())
                .isEqualTo(10_000);
        assertThat(DATABASE.query("select count(*) from facestream.face_sample"))
                .containsExactly("0");
    }

    @Test
    void mergedPeopleAreOneWithTheirPhotosVisitsTagsAndNames() throws Exception {
        UUID bob = gallery.person("Bob", 2, 1);
        UUID robert = gallery.person("Robert", 3, 10);
        visit("v1", robert);
        gallery.done(new Tag(id(), List.of("Robert"), "staff"));

        GalleryEvent merged = gallery.done(new Merge(id(), List.of("Robert"), "Bob"));

        assertThat(merged.person()).isEqualTo(bob);
        assertThat(merged.people()).isEqualTo(1);
        assertThat(merged.samples()).isEqualTo(3);
        assertThat(gallery.people()).containsExactly("Bob 5");
        assertThat(DATABASE.query("select name, identity_id from facestream.sighting_log"))
                .containsExactly("Bob " + bob);
        assertThat(DATABASE.query("select identity_id, tag from facestream.person_tag"))
                .containsExactly(bob + " staff");
        assertThat(named("Robert")).isEqualTo(bob.toString());
        assertThat(gallery.done(new Untag(id(), List.of("Bob"), "staff")).people())
                .isEqualTo(1);
        gallery.rejected(new Merge(id(), List.of("Robert"), "Bob"), "same-person");
        gallery.rejected(new Create(id(), "Robert", null), "name-taken");
    }

    private static void visit(String id, UUID person) throws Exception {
        DATABASE.execute("select facestream.make_sighting_days(array[current_date])");
        DATABASE.execute(
                """
                insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind, identity_id,
                    first_seen, last_seen, first_appended_at, last_appended_at, frames, best)
                values ('camera', '%s', current_date, 1, 'left', 'door', 'person', '%s', now(), now(), now(), now(), 3,
                    '{}')"""
                        .formatted(id, person));
    }

    @Test
    void aMergeIsUndoneAndWhatCameMeanwhileStaysWhereItIs() throws Exception {
        UUID bob = gallery.person("Bob", 2, 1);
        UUID robert = gallery.person("Robert", 3, 10);
        UUID command = id();
        gallery.done(new Merge(command, List.of(robert.toString()), bob.toString()));
        visit("v1", robert);
        visit("v2", bob);
        gallery.done(new DeleteSample(id(), List.of(gallery.samples(bob).get(4))));

        assertThat(gallery.done(new Undo(id(), command)).samples()).isEqualTo(2);

        assertThat(gallery.people()).containsExactly("Bob 2", "Robert 2");
        assertThat(DATABASE.query("select sighting_id, name from facestream.sighting_log order by 1"))
                .containsExactly("v1 Robert", "v2 Bob");
        assertThat(named("Robert")).isEqualTo(robert.toString());
    }

    @Test
    void mergesAreUndoneTheLatestFirst() throws Exception {
        gallery.person("A", 1, 1);
        gallery.person("B", 1, 2);
        gallery.person("C", 1, 3);
        UUID first = id();
        UUID second = id();
        gallery.done(new Merge(first, List.of("A"), "B"));
        gallery.done(new Merge(second, List.of("B"), "C"));
        assertThat(gallery.people()).containsExactly("C 3");

        gallery.rejected(new Undo(id(), first), "changed-since");
        gallery.done(new Undo(id(), second));
        assertThat(gallery.people()).containsExactly("B 2", "C 1");
        gallery.done(new Undo(id(), first));

        assertThat(gallery.people()).containsExactly("A 1", "B 1", "C 1");
    }

    @Test
    void photosAreSplitOffToANewPersonAndBack() throws Exception {
        UUID ada = gallery.person("Ada", 3, 1);
        List<UUID> samples = gallery.samples(ada);
        UUID command = id();

        UUID eve = gallery.done(new Split(command, samples.subList(0, 2), null, "Eve"))
                .person();

        assertThat(gallery.people()).containsExactly("Ada 1", "Eve 2");
        visit("v1", eve);
        gallery.done(new Undo(id(), command));
        assertThat(gallery.people()).containsExactly("Ada 3");
        assertThat(DATABASE.query("select name from facestream.sighting_log")).containsExactly("Ada");
    }

    /** The name that a split gave is nobody's once the split is undone: neither the person's nor a former one. */
    @Test
    void aSplitThatIsUndoneLeavesNoNameAndNoTagBehind() throws Exception {
        UUID ada = gallery.person("Ada", 2, 1);
        UUID command = id();
        UUID eve = gallery.done(new Split(command, gallery.samples(ada).subList(0, 1), null, "Eve"))
                .person();
        gallery.done(new Tag(id(), List.of("Eve"), "guest"));

        gallery.done(new Undo(id(), command));

        assertThat(named("Eve")).isEqualTo("null");
        assertThat(DATABASE.query("select name, former_names, tags from facestream.people"))
                .containsExactly("Ada {} {}");
        gallery.done(new Erase(id(), "Eve", null, null)); // whoever had the name is gone already
        assertThat(gallery.people()).containsExactly("Ada 2");
        UUID other = gallery.done(new Create(id(), "Eve", null)).person();
        assertThat(other).isNotEqualTo(eve);
        assertThat(gallery.people()).containsExactly("Ada 2", "Eve 0");
    }

    @Test
    void photosAreSplitOffToSomebodyElse() throws Exception {
        UUID ada = gallery.person("Ada", 3, 1);
        UUID eve = gallery.person("Eve", 1, 10);
        List<UUID> samples = gallery.samples(ada);

        assertThat(gallery.done(new Split(id(), samples, "Eve", null)).samples())
                .isEqualTo(3);

        assertThat(gallery.people()).containsExactly("Ada 0", "Eve 4");
        gallery.rejected(new Split(id(), samples, eve.toString(), null), "no-such-sample");
        gallery.rejected(new Split(id(), List.of(id()), "Eve", null), "no-such-sample");
        gallery.rejected(new Split(id(), List.of(id()), null, "Nobody"), "no-such-sample");
    }

    @Test
    void deletedPhotosAreGoneAllOrNone() throws Exception {
        UUID ada = gallery.person("Ada", 3, 1);
        List<UUID> samples = gallery.samples(ada);

        assertThat(gallery.done(new DeleteSample(id(), samples.subList(0, 2))).samples())
                .isEqualTo(2);

        assertThat(gallery.people()).containsExactly("Ada 1");
        gallery.rejected(new DeleteSample(id(), samples), "no-such-sample");
    }

    @Test
    void nobodyIsIgnoredTwice() throws Exception {
        gallery.person("Ada", 1, 1);
        gallery.person("Eve", 1, 2);

        assertThat(gallery.done(new Ignore(id(), List.of("Ada"))).people()).isEqualTo(1);
        assertThat(gallery.done(new Ignore(id(), List.of("Ada", "Eve"))).people())
                .isEqualTo(1);
        assertThat(gallery.done(new Unignore(id(), List.of("Eve"))).people()).isEqualTo(1);
        assertThat(DATABASE.query("select name from facestream.person where ignored"))
                .containsExactly("Ada");
    }

    @Test
    void anErasureTakesEverybodyWhoWasMergedAndEveryNameTheyHad() throws Exception {
        UUID bob = gallery.person("Bob", 2, 1);
        UUID robert = gallery.person("Robert", 3, 10);
        gallery.person("Ada", 1, 20);
        UUID merge = id();
        gallery.done(new Rename(id(), "Robert", "Rob"));
        gallery.done(new Merge(merge, List.of("Rob"), "Bob"));
        gallery.done(new Tag(id(), List.of("Bob"), "staff"));
        visit("v1", robert);
        UUID dry = id();

        GalleryEvent counted = gallery.done(new Erase(dry, "Robert", null, true));
        assertThat(counted.erased()).contains(new GalleryEvent.Erased("face_sample", 0, 5));
        assertThat(gallery.people()).containsExactly("Ada 1", "Bob 5");
        GalleryEvent erased = gallery.done(new Erase(id(), robert.toString(), null, null));

        assertThat(erased.erased())
                .contains(
                        new GalleryEvent.Erased("identity", 2, 0),
                        new GalleryEvent.Erased("identity_alias", 1, 0),
                        new GalleryEvent.Erased("identity_tag", 1, 0),
                        new GalleryEvent.Erased("face_sample", 5, 0),
                        new GalleryEvent.Erased("face_embedding", 10, 0),
                        new GalleryEvent.Erased("template", 2, 0),
                        new GalleryEvent.Erased("sighting", 1, 0),
                        new GalleryEvent.Erased("gallery_undo", 5, 0));
        assertThat(gallery.people()).containsExactly("Ada 1");
        for (String name : List.of("Bob", "Rob", "Robert")) {
            assertThat(DATABASE.query("select facestream.fenced(sha256('" + name + "')) > now()"))
                    .as(name)
                    .containsExactly("t");
        }
        gallery.rejected(new Undo(id(), merge), "erased");
        gallery.rejected(new Tag(id(), List.of(bob.toString()), "x"), "erased");
        gallery.rejected(new Erase(id(), bob.toString(), null, null), "erased");
        assertThat(gallery.done(new Erase(id(), "Robert", null, null)).erased())
                .contains(new GalleryEvent.Erased("identity", 0, 0));
        gallery.rejected(new Erase(id(), "Xavier", null, null), "no-such-person");
        assertThat(gallery.done(new Erase(id(), "Xavier", true, null)).erased())
                .contains(new GalleryEvent.Erased("identity", 0, 0));
        assertThat(namesLeft()).isEmpty();
    }

    @Test
    void anErasureByNameIsOfWhoHasItAndNotOfWhoHadItBefore() throws Exception {
        UUID eve = gallery.person("Eve", 1, 1);
        gallery.person("Ada", 1, 2);
        DATABASE.execute("insert into facestream.identity_alias (name, identity_id) values ('Ada', '" + eve + "')");

        gallery.done(new Erase(id(), "Ada", null, null));

        assertThat(gallery.people()).containsExactly("Eve 1");
    }

    @Test
    void anErasureFencesANameThatWasTakenBackAndNoneThatIsSomebodyElsesByNow() throws Exception {
        gallery.person("Bob", 1, 1);
        UUID mistake = id();
        gallery.done(new Rename(mistake, "Bob", "Rob"));
        gallery.done(new Undo(id(), mistake));
        UUID second = id();
        gallery.done(new Rename(second, "Bob", "Robert"));
        gallery.done(new Undo(id(), second));
        gallery.done(new Create(id(), "Robert", null));

        GalleryEvent erased = gallery.done(new Erase(id(), "Bob", null, null));

        assertThat(erased.erased()).contains(new GalleryEvent.Erased("identity_name", 3, 0));
        assertThat(DATABASE.query("select n, facestream.fenced(sha256(n::bytea)) > now()"
                        + " from unnest(array['Bob', 'Rob', 'Robert']) n"))
                .containsExactly("Bob t", "Rob t", "Robert null");
        assertThat(gallery.people()).containsExactly("Robert 0");
    }

    /** Tables with a row that has one of the names in any column. */
    private static List<String> namesLeft() throws Exception {
        List<String> left = new ArrayList<>();
        for (String table : DATABASE.query("select table_name from information_schema.tables"
                + " where table_schema = 'facestream' and table_type = 'BASE TABLE'")) {
            if (!DATABASE.query("select 1 from facestream." + table + " t where t::text ~ 'Bob|Rob' limit 1")
                    .isEmpty()) {
                left.add(table);
            }
        }
        return left;
    }

    @Test
    void theTrailSaysByWhichCommand() throws Exception {
        gallery.person("Ada", 1, 1);
        gallery.person("Eve", 1, 2);
        UUID merge = id();
        UUID tag = id();

        gallery.done(new Merge(merge, List.of("Eve"), "Ada"));
        gallery.done(new Tag(tag, List.of("Ada"), "staff"));

        assertThat(DATABASE.query("select action, command_id, name_hmac = facestream.trail_name('Ada')"
                        + " from facestream.audit where command_id is not null order by id"))
                .contains("merge " + merge + " t", "reassign " + merge + " t", "tag " + tag + " t");
        assertThat(DATABASE.query("select detail ->> 'from' = encode(facestream.trail_name('Eve'), 'hex')"
                        + " from facestream.audit where action = 'merge'"))
                .containsExactly("t");
    }
}
