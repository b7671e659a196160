package io.facestream.curation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.curation.message.GalleryCommand.Erase;
import io.facestream.curation.message.GalleryCommand.Merge;
import io.facestream.curation.message.GalleryCommand.Undo;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.State;
import io.facestream.gallery.TestGallery;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faces that are not a person's, in a gallery whose people are points. */
class NegativesTest {
    private static final TestGallery DATABASE = TestGallery.of(NegativesTest.class);

    private CuratedGallery gallery;

    @BeforeEach
    void fill() throws Exception {
        gallery = new CuratedGallery(DATABASE);
    }

    /** A face that lies where the photo of that number would. */
    private static UUID deny(String person, int point) throws SQLException {
        UUID command = UUID.randomUUID();
        DATABASE.execute(
                """
                select facestream.add_negative('%s', '%s', '/cameras/lobby', 'f#%d', 'chip',
                    array_agg(v.version), array_agg(l2_normalize(('[1,%3$d,' || length(v.version) || ']')::vector)::text))
                from facestream.model_version v"""
                        .formatted(command, person, point));
        return command;
    }

    private static List<String> negatives() throws SQLException {
        return DATABASE.query(
                """
                select i.name, g.event_id, count(*)
                from facestream.negative_embedding e join facestream.negative g on g.id = e.negative_id
                    join facestream.identity i on i.id = e.identity_id
                group by 1, 2 order by 1, 2""");
    }

    private GalleryEvent done(GalleryEvent answer) {
        assertThat(answer.state()).isEqualTo(State.DONE);
        return answer;
    }

    @Test
    void aFaceIsDeniedOncePerPersonUnderEveryLiveVersion() throws Exception {
        gallery.person("Bob", 1, 1);
        gallery.person("Ada", 1, 9);

        deny("Bob", 3);
        deny("Bob", 3);
        deny("Ada", 3);

        assertThat(negatives()).containsExactly("Ada f#3 2", "Bob f#3 2");
        assertThat(DATABASE.query("select action from facestream.audit where action = 'not-this-person'"))
                .hasSize(2);
    }

    @Test
    void vectorsOfOtherVersionsThanTheLiveOnesAreRefused() throws Exception {
        gallery.person("Bob", 1, 1);

        assertThatThrownBy(
                        () -> DATABASE.execute(
                                """
                        select facestream.add_negative(gen_random_uuid(), 'Bob', '/cameras/lobby', 'f#3', 'chip',
                            array['first-1'], array['[1,0,0]'])"""))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("FS002"));
    }

    @Test
    void negativesFollowAMergeAndComeBackWhenItIsUndone() throws Exception {
        gallery.person("Bob", 1, 1);
        gallery.person("Robert", 1, 2);
        deny("Robert", 5);
        UUID merge = UUID.randomUUID();

        done(gallery.ask(new Merge(merge, List.of("Robert"), "Bob")));
        assertThat(negatives()).containsExactly("Bob f#5 2");

        done(gallery.ask(new Undo(UUID.randomUUID(), merge)));
        assertThat(negatives()).containsExactly("Robert f#5 2");
    }

    @Test
    void negativesAreErasedWithThePersonAndWithWhomTheyShow() throws Exception {
        gallery.person("Bob", 1, 1);
        gallery.person("Eve", 1, 1000);
        deny("Eve", 900);
        deny("Bob", 1000);
        deny("Bob", 1);

        GalleryEvent answer = done(gallery.ask(new Erase(UUID.randomUUID(), "Eve", null, null)));

        assertThat(negatives()).containsExactly("Bob f#1 2");
        assertThat(answer.erased())
                .contains(
                        new GalleryEvent.Erased("negative", 2, 0), new GalleryEvent.Erased("negative_embedding", 4, 0));
    }

    @Test
    void negativesAreRemovedOnceTheyAreOld() throws Exception {
        gallery.person("Bob", 1, 1);
        deny("Bob", 3);
        deny("Bob", 4);
        DATABASE.execute(
                "update facestream.negative set created_at = now() - interval '2 days' where event_id = 'f#3'");

        assertThat(DATABASE.query("select facestream.expire_negatives(interval '1 day')"))
                .containsExactly("1");

        assertThat(negatives()).containsExactly("Bob f#4 2");
    }

    @Test
    void theLatestHundredOfAPersonStay() throws Exception {
        gallery.person("Bob", 1, 1);
        for (int i = 0; i < 102; i++) {
            deny("Bob", 1000 + i);
        }

        assertThat(negatives()).hasSize(100).doesNotContain("Bob f#1000 2", "Bob f#1001 2");
    }

    @Test
    void matchingReadsVectorsAndNobodyChips() throws Exception {
        for (String role : List.of("facestream_matching", "facestream_curation", "facestream_web")) {
            assertThat(DATABASE.query("select has_table_privilege('" + role + "', 'facestream.negative', 'select')"))
                    .containsExactly("f");
        }
        assertThat(DATABASE.query("select has_table_privilege('facestream_matching',"
                        + " 'facestream.negative_embedding', 'select, insert, update, delete')::text"
                        + " || has_table_privilege('facestream_matching', 'facestream.negative_embedding', 'insert')"))
                .containsExactly("truefalse");
    }
}
