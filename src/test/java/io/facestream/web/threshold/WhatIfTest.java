package io.facestream.web.threshold;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.identities.DecisionRule;
import io.facestream.identities.Identification.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Visits that another rule would have named, or not. */
class WhatIfTest {
    private static final DecisionRule NOW = new DecisionRule(1f, 0.05f);
    private static final DecisionRule STRICT = new DecisionRule(0.8f, 0.05f);
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final UUID GRACE = UUID.randomUUID();
    private static final Map<UUID, KnownPerson> PEOPLE = Map.of(GRACE, new KnownPerson(GRACE, "Grace Hopper", 1));

    private static SeenFace face(double seconds, double distance) {
        return face(seconds, distance, null);
    }

    private static SeenFace face(double seconds, double distance, Float next) {
        return new SeenFace(
                "lobby",
                NOON.plusMillis(Math.round(seconds * 1000)),
                GRACE,
                (float) distance,
                next,
                Decision.KNOWN,
                null);
    }

    private static WhatIf whatIf(SeenFace... faces) {
        return new WhatIf(List.of(faces), PEOPLE);
    }

    @Test
    void aVisitWhoseFacesAreTooFarByTheOtherRuleIsMissed() {
        WhatIf whatIf = whatIf(face(0, 0.9), face(1, 0.9));

        assertThat(whatIf.onlyBy(NOW, STRICT)).extracting(Passage::name).containsExactly("Grace Hopper");
        assertThat(whatIf.onlyBy(STRICT, NOW)).isEmpty();
    }

    @Test
    void twoNearFacesThatLieApartKeepTheName() {
        assertThat(whatIf(face(0, 0.7), face(0.6, 0.7), face(1, 0.9)).onlyBy(NOW, STRICT))
                .isEmpty();
    }

    @Test
    void facesOfOneMomentAreNoWitnesses() {
        assertThat(whatIf(face(0, 0.7), face(0.5, 0.7)).named(NOW)).isZero();
    }

    @Test
    void whoComesBackAfterHalfAMinuteIsAnotherVisit() {
        WhatIf whatIf = whatIf(face(0, 0.7), face(1, 0.7), face(30, 0.7), face(61, 0.7), face(62, 0.7));

        assertThat(whatIf.named(NOW)).isEqualTo(2);
    }

    @Test
    void whoIsAboutAsNearAsSomebodyElseHasNoName() {
        assertThat(whatIf(face(0, 0.7, 0.72f), face(1, 0.7, 0.72f)).named(NOW)).isZero();
    }

    @Test
    void theMorePhotosATemplateAveragesTheSmallerTheDistance() {
        DecisionRule averaging = new DecisionRule(1f, 0.05f, 0.3);
        List<SeenFace> faces = List.of(face(0, 0.95), face(1, 0.95));

        assertThat(new WhatIf(faces, PEOPLE).named(averaging)).isEqualTo(1);
        assertThat(new WhatIf(faces, Map.of(GRACE, new KnownPerson(GRACE, "Grace Hopper", 4))).named(averaging))
                .isZero();
    }

    @Test
    void whoWasMergedIsWhoTheyAreNow() {
        UUID former = UUID.randomUUID();
        KnownPerson grace = PEOPLE.get(GRACE);
        SeenFace other = new SeenFace("lobby", NOON.plusSeconds(1), former, 0.7f, null, Decision.KNOWN, null);

        assertThat(new WhatIf(List.of(face(0, 0.7), other), Map.of(GRACE, grace, former, grace)).named(NOW))
                .isEqualTo(1);
    }

    @Test
    void whoIsGoneIsCountedAndNotNamed() {
        WhatIf whatIf = new WhatIf(List.of(face(0, 0.7), face(1, 0.7)), Map.of());

        assertThat(whatIf.gone()).isEqualTo(2);
        assertThat(whatIf.named(NOW)).isZero();
    }

    @Test
    void facesThatWereJudgedOtherwiseThenAreCounted() {
        assertThat(whatIf(face(0, 0.7), face(1, 1.1)).otherwise(NOW)).isEqualTo(1);
    }
}
