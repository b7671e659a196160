package io.facestream.identities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.gallery.GalleryState;
import io.facestream.gallery.Neighbour;
import io.facestream.models.Calibration;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeciderTest {
    private static final ModelVersion SHIPPED = ShippedModel.version(new byte[0]);
    private static final Quality CLEAR = new Quality(80, 300, 120, new Pose(0, 0, 0), 70f);
    private static final List<Neighbour> NEAR = List.of(new Neighbour(new UUID(0, 1), "Ada", 0.5f));

    private static MatchingConfig config(String... settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(java.time.Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
                .withMapping(MatchingConfig.class);
        for (int i = 0; i < settings.length; i += 2) {
            builder.withDefaultValue("facestream.matching." + settings[i], settings[i + 1]);
        }
        return builder.build().getConfigMapping(MatchingConfig.class);
    }

    private static Decider decider(long templates, String... settings) {
        return new Decider(SHIPPED, new GalleryState(1, templates, 0), config(settings));
    }

    @Test
    void theThresholdFollowsFromTheTargetAndTheGallerysSize() {
        float one = decider(1).rule().threshold();
        float many = decider(10_000).rule().threshold();

        assertThat(one).isBetween(1.0f, 1.2f);
        assertThat(many).isLessThan(0.9f);
        assertThat(decider(128).rule().threshold()).isBetween(many, one);
        assertThat(decider(128, "target-fpir", "0.05").rule().threshold())
                .isGreaterThan(decider(128).rule().threshold());
    }

    @Test
    void aGalleryWhoseStrangersAreNearerTakesASmallerThreshold() {
        Decider shifted = new Decider(SHIPPED, new GalleryState(1, 128, -0.05f), config());

        assertThat(shifted.rule().threshold()).isCloseTo(decider(128).rule().threshold() - 0.05f, within(1e-6f));
    }

    @Test
    void aThresholdThatTheUserSetsIsInForceWhateverTheGallery() {
        assertThat(decider(1, "threshold", "0.7").rule().threshold()).isEqualTo(0.7f);
        assertThat(decider(100_000, "threshold", "0.7").rule().threshold()).isEqualTo(0.7f);
    }

    @Test
    void aThresholdThatTheUserSetsHoldsForAllTemplates() {
        List<Neighbour> averaged = List.of(new Neighbour(new UUID(0, 1), "Ada", 0.7f, 9));

        assertThat(decider(1, "threshold", "0.7").rule(averaged).threshold()).isEqualTo(0.7f);
    }

    @Test
    void theRuleToldIsThatOfTheNearestTemplate() {
        List<Neighbour> averaged = List.of(new Neighbour(new UUID(0, 1), "Ada", 0.7f, 9));

        assertThat(decider(100).rule(averaged).threshold())
                .isEqualTo(decider(100).rule().of(9).threshold())
                .isLessThan(decider(100).rule(NEAR).threshold());
    }

    @Test
    void aVersionThatWasNotCalibratedHasItsOwnThresholdAndNoProbability() {
        ModelVersion plain = new ModelVersion(
                "v", "test", 4, 112, true, ModelVersion.Status.ACTIVE, 0.8f, 0.1f, Calibration.NONE, "00".repeat(32));
        Decider decider = new Decider(plain, new GalleryState(1, 1_000, 0), config());

        assertThat(decider.rule()).isEqualTo(new DecisionRule(0.8f, 0.1f));
        assertThat(decider.probability(CLEAR, NEAR)).isNull();
    }

    @Test
    void aViewThatIsTooPoorIsUnknownWithTheReasonHoweverNearSomebodyIs() {
        Decider decider = decider(1, "min-sharpness", "50");

        assertThat(decider.decide(CLEAR, NEAR).decision()).isEqualTo(Identification.Decision.KNOWN);
        assertThat(decider.decide(new Quality(19, 300, 120, CLEAR.pose(), 70f), NEAR))
                .isEqualTo(new Identification.Unknown(Identification.Reason.TOO_SMALL));
        assertThat(decider.decide(new Quality(80, 49, 120, CLEAR.pose(), 70f), NEAR))
                .isEqualTo(new Identification.Unknown(Identification.Reason.TOO_BLURRED));
        assertThat(decider.decide(new Quality(80, 300, 120, CLEAR.pose(), 5f), NEAR))
                .isEqualTo(new Identification.Unknown(Identification.Reason.LOW_NORM));
    }

    @Test
    void theProbabilityIsOfTheNearestAndFallsWithTheShareOfStrangers() {
        List<Neighbour> far = List.of(new Neighbour(new UUID(0, 1), "Ada", 1.0f));

        assertThat(decider(10).probability(CLEAR, NEAR)).isGreaterThan(0.99f);
        assertThat(decider(10, "stranger-share", "0.99").probability(CLEAR, far))
                .isLessThan(decider(10, "stranger-share", "0.01").probability(CLEAR, far));
        assertThat(decider(10).probability(CLEAR, List.of())).isNull();
    }

    @Test
    void whoWasRuledOutHasNoProbability() {
        assertThat(decider(10).probability(CLEAR, List.of(new Neighbour(new UUID(0, 1), "Ada", 0.5f, 1, true))))
                .isNull();
    }

    @Test
    void sharesAndTargetsOutOfRangeAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> decider(1, "stranger-share", "1"))
                .withMessageContaining("stranger-share");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> decider(1, "target-fpir", "0"))
                .withMessageContaining("target");
    }
}
