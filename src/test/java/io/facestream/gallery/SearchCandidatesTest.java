package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SearchCandidatesTest {
    private static final TestGallery GALLERY = TestGallery.of(SearchCandidatesTest.class);
    private static final String SHIPPED = "mobilefacenet-1";

    private static String candidates(String version, int k) throws SQLException {
        return GALLERY.query("select facestream.search_candidates('" + version + "', " + k + ")")
                .get(0);
    }

    @Test
    void aLargeGalleryIsSearchedWithMoreCandidates() throws SQLException {
        GALLERY.renew();
        assertThat(candidates(SHIPPED, 5)).isEqualTo("200");
        assertThat(candidates(SHIPPED, 300)).isEqualTo("300");
        assertThat(candidates("none", 5)).isEqualTo("200");

        // The index would take a minute, and does not matter here.
        String templates = GALLERY.query("select facestream.partition_name('template', '" + SHIPPED + "')")
                .get(0);
        GALLERY.execute("drop index facestream." + templates + "_embedding_idx");
        GALLERY.execute(
                """
                insert into facestream.identity (id, kind, name)
                select lpad(to_hex(n), 32, '0')::uuid, 'person', 'person ' || n from generate_series(1, 50100) n;
                insert into facestream.%1$s (model_version, identity_id, embedding, samples)
                select '%2$s', i.id, ('[1' || repeat(',0', 191) || ']')::vector, 1 from facestream.identity i;
                analyze facestream.%1$s"""
                        .formatted(templates, SHIPPED));

        assertThat(candidates(SHIPPED, 5)).isEqualTo("400");
        assertThat(candidates(SHIPPED, 2000)).isEqualTo("1000");
    }
}
