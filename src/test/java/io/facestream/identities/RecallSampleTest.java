package io.facestream.identities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.embeddings.Embedding;
import io.facestream.gallery.GallerySearch;
import io.facestream.gallery.TestGallery;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A face is searched for a second time now and then, with the rights of matching. */
class RecallSampleTest {
    private static final TestGallery GALLERY = TestGallery.of(RecallSampleTest.class);
    private static final Embedding PROBE = Embedding.ofUnitVector(TestGallery.randomUnitVector(4, new Random(2)), 70);

    private static ModelVersion version;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @BeforeAll
    static void fill() throws SQLException {
        GALLERY.renew();
        GALLERY.addVersion("four-1", 4, GALLERY.addPeople(20), new Random(1));
        version = new ModelRegistry(GALLERY.dataSource()).find("four-1").orElseThrow();
    }

    private RecallSample sample(DataSource database, String interval) {
        MatchingConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(MatchingConfig.class)
                .withDefaultValue("facestream.matching.recall-interval", interval)
                .build()
                .getConfigMapping(MatchingConfig.class);
        return new RecallSample(new GallerySearch(database), config, metrics);
    }

    private double samples(String outcome) {
        return metrics.get("facestream.recall.samples")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private double failures() {
        return metrics.get("facestream.recall.failures").counter().count();
    }

    @Test
    void theFirstFaceIsASampleAndTheNextOneAfterTheInterval() throws Exception {
        RecallSample seldom = sample(GALLERY.as("facestream_matching"), "PT1H");
        seldom.offer(version, PROBE);
        await().untilAsserted(() -> assertThat(samples("found")).isOne());
        seldom.offer(version, PROBE);
        seldom.close();

        RecallSample often = sample(GALLERY.as("facestream_matching"), "PT0.001S");
        await().untilAsserted(() -> {
            often.offer(version, PROBE);
            assertThat(samples("found")).isGreaterThan(3);
        });
        often.close();

        assertThat(samples("missed")).isZero();
        assertThat(failures()).isZero();
    }

    @Test
    void aSampleThatFailsIsCountedAndNothingElse() {
        PGSimpleDataSource locked = (PGSimpleDataSource) GALLERY.dataSource();
        locked.setPassword("wrong");
        RecallSample sample = sample(locked, "PT1H");

        sample.offer(version, PROBE);

        await().untilAsserted(() -> assertThat(failures()).isOne());
        sample.close();
        assertThat(samples("found") + samples("missed")).isZero();
    }
}
