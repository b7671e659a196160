package io.facestream.identities;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embeddings.Embedding;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.gallery.GallerySearch;
import io.facestream.gallery.TestGallery;
import io.facestream.gallery.strangers.StrangerSearch;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is nobody may be a stranger who is kept. */
class StrangersInEventsTest {
    private static final TestGallery GALLERY = TestGallery.of(StrangersInEventsTest.class);

    private static final float[] PASSER_BY = {0, 0, -1};

    private ModelVersion version;
    private float[] ada;

    @BeforeEach
    void fill() throws Exception {
        GALLERY.renewSchema();
        GALLERY.addTwoVersions();
        GALLERY.addPerson("Ada", 1, 1);
        version = new ModelRegistry(GALLERY.dataSource())
                .findSearchable("first-1")
                .orElseThrow();
        ada = new float[] {0.109f, 0.109f, 0.988f}; // where addPerson puts the first photo
    }

    private static SmallRyeConfig config(Map<String, String> settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(MatchingConfig.class)
                .withMapping(StrangersConfig.class)
                .withDefaultValue("facestream.matching.record-cpu-limit", "PT30S");
        settings.forEach(builder::withDefaultValue);
        return builder.build();
    }

    private List<Matcher.Match> match(boolean strangers, float norm, float[]... probes) throws Exception {
        SmallRyeConfig config =
                config(Map.of("facestream.strangers.threshold", "0.5", "facestream.matching.min-norm", "10"));
        Matcher matcher = new Matcher(
                new GallerySearch(GALLERY.as("facestream_matching")),
                config.getConfigMapping(MatchingConfig.class),
                strangers
                        ? Optional.of(new StrangerSearch(
                                GALLERY.as("facestream_matching"), config.getConfigMapping(StrangersConfig.class)))
                        : Optional.empty());
        List<Matcher.Probe> faces = new ArrayList<>();
        for (float[] probe : probes) {
            faces.add(new Matcher.Probe(
                    Embedding.ofNetworkOutput(probe), new Quality(100, 300, 120, new Pose(0, 0, 0), norm)));
        }
        return matcher.match(version, faces);
    }

    private static UUID stranger(float... vector) throws Exception {
        UUID id =
                UUID.fromString(GALLERY.query("insert into facestream.identity (kind) values ('stranger') returning id")
                        .get(0));
        GALLERY.execute("insert into facestream.stranger_template (model_version, identity_id, embedding, chips)"
                + " values ('first-1', '" + id + "', '" + TestGallery.text(vector) + "', 1)");
        return id;
    }

    @Test
    void aFaceThatIsNobodysAndNearAStrangerIsTheStrangers() throws Exception {
        UUID stranger = stranger(PASSER_BY);
        stranger(0, -1, 0);

        assertThat(match(true, 70, new float[] {0.1f, 0, -1}).get(0).strangerId())
                .isEqualTo(stranger);
    }

    @Test
    void aFaceThatIsFarFromAllStrangersIsNobodys() throws Exception {
        stranger(PASSER_BY);

        assertThat(match(true, 70, new float[] {-1, 0, 0}).get(0).strangerId()).isNull();
    }

    @Test
    void whoIsKnownIsNeverAStranger() throws Exception {
        stranger(ada);

        Matcher.Match match = match(true, 70, ada).get(0);

        assertThat(match.identification()).isInstanceOf(Identification.Known.class);
        assertThat(match.strangerId()).isNull();
    }

    @Test
    void aViewThatIsTooPoorToBeJudgedIsNobodys() throws Exception {
        stranger(PASSER_BY);

        assertThat(match(true, 5, PASSER_BY).get(0).strangerId()).isNull();
    }

    @Test
    void nobodyIsKeptByDefault() {
        assertThat(config(Map.of()).getConfigMapping(StrangersConfig.class).keep())
                .isEmpty();
        assertThat(config(Map.of("facestream.strangers.keep", "P30D"))
                        .getConfigMapping(StrangersConfig.class)
                        .keep())
                .contains(Duration.ofDays(30));
    }

    @Test
    void theThresholdIsThatOfTheDatabase() throws Exception {
        GALLERY.execute(
                """
                update facestream.model_version set calibration = '{"falseMatchRates": [
                    {"rate": 0.01, "distance": 1.2}, {"rate": 0.001, "distance": 1.1},
                    {"rate": 0.0001, "distance": 1.0}]}' where version = 'first-1'""");
        ModelVersion calibrated = new ModelRegistry(GALLERY.dataSource())
                .findSearchable("first-1")
                .orElseThrow();
        StrangersConfig config = config(Map.of()).getConfigMapping(StrangersConfig.class);

        assertThat(GALLERY.query("select facestream.stranger_threshold('first-1', 0.001)"))
                .containsExactly(Float.toString(StrangerSearch.threshold(calibrated, 0, 0, config)));
    }
}
