package io.facestream.identities;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.configuration.Settings;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.gallery.GallerySearch;
import io.facestream.gallery.TestGallery;
import io.facestream.gallery.strangers.StrangerSearch;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand strangers beside people who are enrolled, under the shipped network: in every event of these people only
 * {@code strangerId} may differ.
 */
class ManyStrangersTest {
    private static final TestGallery GALLERY = TestGallery.of(ManyStrangersTest.class);
    private static final int PEOPLE = 60;
    private static final int STRANGERS = 10_000;
    private static final int DIMENSIONS = 192;
    private static final float NORM = 70;

    /** From a face that is surely the person's to one that is surely not; the threshold is about 1.1. */
    private static final double[] DISTANCES = {0.3, 0.7, 0.9, 1, 1.05, 1.08, 1.11, 1.14, 1.17, 1.2, 1.25, 1.3};

    private final Random random = new Random(1);
    private final List<float[]> people = new ArrayList<>();
    private ModelVersion version;

    @BeforeEach
    void enrol() throws Exception {
        GALLERY.renew();
        version = new ModelRegistry(GALLERY.dataSource()).active();
        List<UUID> ids = GALLERY.addPeople(PEOPLE);
        for (int i = 0; i < PEOPLE; i++) {
            people.add(TestGallery.randomUnitVector(DIMENSIONS, random));
            GALLERY.execute("insert into facestream.template (model_version, identity_id, embedding, samples) values ('"
                    + version.version() + "', '" + ids.get(i) + "', '" + TestGallery.text(people.get(i)) + "', 3)");
        }
        new ModelRegistry(GALLERY.dataSource()).measureGallery();
    }

    /** A unit vector at a distance from another. */
    private float[] awayFrom(float[] vector, double distance) {
        float[] other = TestGallery.randomUnitVector(DIMENSIONS, random);
        double along = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            along += (double) vector[i] * other[i];
        }
        double squares = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            other[i] -= (float) (along * vector[i]);
            squares += (double) other[i] * other[i];
        }
        double cosine = 1 - distance * distance / 2;
        double sine = Math.sqrt((1 - cosine * cosine) / squares);
        for (int i = 0; i < DIMENSIONS; i++) {
            other[i] = (float) (cosine * vector[i] + sine * other[i]);
        }
        return other;
    }

    private static float[] between(float[] one, float[] other) {
        float[] sum = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            sum[i] = one[i] + other[i];
        }
        return Embedding.ofNetworkOutput(sum).vector();
    }

    private List<float[]> probes() {
        List<float[]> probes = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
            for (double distance : DISTANCES) {
                probes.add(awayFrom(people.get(i), distance));
            }
            probes.add(between(people.get(i), people.get((i + 1) % PEOPLE))); // ambiguous
            probes.add(TestGallery.randomUnitVector(DIMENSIONS, random)); // nobody's
        }
        return probes;
    }

    private List<Matcher.Match> match(List<float[]> probes) throws Exception {
        Settings settings = Settings.load();
        Matcher matcher = new Matcher(
                new GallerySearch(GALLERY.as("facestream_matching")),
                settings.get(MatchingConfig.class),
                Optional.of(
                        new StrangerSearch(GALLERY.as("facestream_matching"), settings.get(StrangersConfig.class))));
        return matcher.match(
                version,
                probes.stream()
                        .map(probe -> new Matcher.Probe(
                                Embedding.ofUnitVector(probe, NORM),
                                new Quality(100, 300, 120, new Pose(0, 0, 0), NORM)))
                        .toList());
    }

    /** Some at the very place of a probe, some of a person, some near one, and the others anywhere. */
    private void addStrangers(List<float[]> probes) throws Exception {
        List<float[]> strangers = new ArrayList<>(probes);
        strangers.addAll(people);
        for (float[] person : people) {
            for (double distance : DISTANCES) {
                strangers.add(awayFrom(person, distance));
            }
        }
        while (strangers.size() < STRANGERS) {
            strangers.add(TestGallery.randomUnitVector(DIMENSIONS, random));
        }
        try (Connection connection = GALLERY.dataSource().getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        """
                        with made as (insert into facestream.identity (kind) values ('stranger') returning id),
                        kept as (insert into facestream.stranger (identity_id, expires_at)
                                 select id, now() + interval '30 days' from made)
                        insert into facestream.stranger_template (model_version, identity_id, embedding, chips)
                        select ?, id, ?::vector, 5 from made""")) {
            connection.setAutoCommit(false);
            for (float[] stranger : strangers) {
                insert.setString(1, version.version());
                insert.setString(2, TestGallery.text(stranger));
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
        new ModelRegistry(GALLERY.dataSource()).measureGallery();
    }

    @Test
    void tenThousandStrangersChangeNothingButStrangerId() throws Exception {
        List<float[]> probes = probes();
        List<Matcher.Match> before = match(probes);

        addStrangers(probes);
        List<Matcher.Match> after = match(probes);

        assertThat(before.stream().map(match -> match.identification().decision()))
                .as("faces of all kinds")
                .contains(Identification.Decision.values());
        assertThat(before).allSatisfy(match -> assertThat(match.strangerId()).isNull());
        assertThat(after)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("strangerId")
                .isEqualTo(before);
        // Each face has a stranger at its very place, and it counts exactly where nobody was found among people.
        assertThat(after.stream()
                        .collect(Collectors.groupingBy(
                                match -> match.identification().decision() == Identification.Decision.UNKNOWN,
                                Collectors.mapping(match -> match.strangerId() != null, Collectors.toSet()))))
                .containsEntry(true, Set.of(true))
                .containsEntry(false, Set.of(false));
    }
}
