package io.facestream.sightings.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.identities.Identification.Decision;
import io.facestream.identities.Identification.Reason;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.UnnamedReason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PollTest {
    private static final UUID ADA = new UUID(0, 1);
    private static final UUID BOB = new UUID(0, 2);
    private static final VoteRules RULES = new VoteRules(2, Duration.ofMillis(600), 0.999);

    private final Poll poll = new Poll();
    private long now = 1_000_000;

    private static Quality quality(float norm) {
        return new Quality(100, 300, 120, new Pose(0, 0, 0), norm);
    }

    private boolean vote(Decision decision, Reason reason, UUID nearest, double probability, float norm) {
        poll.add(new Verdict(decision, reason, nearest, probability), quality(norm), "v1", now);
        now += 200;
        return poll.elect(RULES);
    }

    private boolean known(UUID identity, double probability) {
        return vote(Decision.KNOWN, null, identity, probability, 60);
    }

    private boolean unknown(UUID nearest) {
        return vote(Decision.UNKNOWN, null, nearest, 0.01, 60);
    }

    @Test
    void facesOfOneMomentNameNobody() {
        assertThat(known(ADA, 0.98)).isFalse();
        assertThat(known(ADA, 0.98)).isFalse();
        assertThat(known(ADA, 0.98)).isFalse();
        assertThat(poll.reason()).isEqualTo(UnnamedReason.TOO_FEW_FACES);

        assertThat(known(ADA, 0.98)).isTrue(); // 0.6 s after the first

        assertThat(poll.elected()).contains(ADA);
        assertThat(poll.probability()).isCloseTo(0.98, within(1e-6));
    }

    @Test
    void oneFaceBeyondDoubtNamesByItself() {
        assertThat(known(ADA, 0.9995)).isTrue();
    }

    @Test
    void oneOfManyFacesThatLooksLikeSomebodyNamesNobody() {
        for (int i = 0; i < 50; i++) {
            if (i % 10 == 0) {
                known(BOB, 0.97);
            } else {
                unknown(BOB);
            }
        }

        assertThat(poll.elected()).isEmpty();
        assertThat(poll.reason()).isEqualTo(UnnamedReason.NOBODY_NEAR);
        assertThat(poll.votes()).singleElement().satisfies(vote -> {
            assertThat(vote.faces()).isEqualTo(5);
            assertThat(vote.weight()).isBetween(0.03, 0.2);
        });
    }

    @Test
    void oneSureFaceContradictsManyThatAreHardlyThatPersons() {
        Verdict ada = new Verdict(Decision.KNOWN, null, ADA, 0.98);
        for (int i = 0; i < 4; i++) {
            known(BOB, 0.98);
        }
        assertThat(poll.contradicts(ada)).isFalse();

        known(BOB, 0.98);

        assertThat(poll.contradicts(ada)).isTrue();
        assertThat(poll.contradicts(new Verdict(Decision.KNOWN, null, ADA, 0.97)))
                .isFalse();
        assertThat(poll.contradicts(new Verdict(Decision.AMBIGUOUS, null, ADA, 0.99)))
                .isFalse();
        assertThat(poll.contradicts(new Verdict(Decision.KNOWN, null, BOB, 0.98)))
                .isFalse();

        known(ADA, 0.98); // a sixth of the weight, from then on

        assertThat(poll.contradicts(ada)).isFalse();
    }

    @Test
    void facesThatAreTooPoorContradictNobody() {
        for (int i = 0; i < 20; i++) {
            vote(Decision.UNKNOWN, Reason.LOW_NORM, BOB, 0.1, 15);
        }

        assertThat(poll.contradicts(new Verdict(Decision.KNOWN, null, ADA, 0.99)))
                .isFalse();
    }

    @Test
    void aNameStaysWhileTheHeadIsTurnedAway() {
        for (int i = 0; i < 10; i++) {
            known(ADA, 0.98);
        }
        for (int i = 0; i < 300; i++) {
            vote(Decision.UNKNOWN, Reason.LOW_NORM, BOB, 0.1, 15);
        }

        assertThat(poll.elected()).contains(ADA);
        assertThat(poll.former()).isEmpty();
    }

    @Test
    void facesThatWereRuledOutOutvoteThoseThatLookLikeThePerson() {
        for (int i = 0; i < 10; i++) {
            vote(Decision.UNKNOWN, Reason.NOT_THIS_PERSON, BOB, 0.1, 60);
            if (i % 3 == 0) {
                known(BOB, 0.98);
            }
        }

        assertThat(poll.elected()).isEmpty();
        assertThat(poll.reason()).isEqualTo(UnnamedReason.NOT_THIS_PERSON);
        assertThat(poll.votes()).singleElement().satisfies(vote -> assertThat(vote.weight())
                .isBetween(0.2, 0.4));
    }

    @Test
    void aNameThatWasAnErrorIsTakenBack() {
        known(ADA, 0.9995);

        boolean changed = false;
        for (int i = 0; i < 20; i++) {
            changed |= unknown(ADA);
        }

        assertThat(changed).isTrue();
        assertThat(poll.elected()).isEmpty();
        assertThat(poll.former()).contains(ADA);
    }

    @Test
    void aChangeOfMindNeedsTwiceTheWeightAndIsNoted() {
        for (int i = 0; i < 10; i++) {
            known(ADA, 0.98);
        }
        int faces = 0;
        while (!known(BOB, 0.98)) {
            faces++;
            assertThat(poll.elected()).contains(ADA);
            assertThat(faces).isLessThan(60);
        }

        assertThat(poll.elected()).contains(BOB);
        assertThat(poll.former()).contains(ADA);
        assertThat(faces).isGreaterThan(8);
    }

    @Test
    void twoWhoAreAboutAsNearAreNotNamed() {
        for (int i = 0; i < 10; i++) {
            vote(Decision.AMBIGUOUS, null, i % 2 == 0 ? ADA : BOB, 0.5, 60);
        }

        assertThat(poll.elected()).isEmpty();
        assertThat(poll.reason()).isEqualTo(UnnamedReason.TWO_AS_NEAR);
    }

    @Test
    void whoWasEnrolledSinceIsNamedWithinSeconds() {
        for (int i = 0; i < 300; i++) {
            unknown(BOB);
        }
        long enrolled = now;

        while (!known(ADA, 0.98)) {
            assertThat(now - enrolled).isLessThan(8_000);
        }

        assertThat(poll.elected()).contains(ADA);
        assertThat(poll.former()).isEmpty();
    }

    @Test
    void aPoorViewCountsLess() {
        Quality turned = new Quality(100, 300, 120, new Pose(70, 0, 0), 60f);
        Quality small = new Quality(16, 300, 120, new Pose(0, 0, 0), 60f);

        assertThat(Poll.weight(quality(30))).isEqualTo(Poll.weight(quality(60)) / 4);
        assertThat(Poll.weight(turned)).isLessThan(Poll.weight(quality(60)) / 2);
        assertThat(Poll.weight(small)).isEqualTo(Poll.weight(quality(60)) / 4);
        assertThat(Poll.weight(new Quality(0, 0, 0, new Pose(90, 90, 0), null))).isPositive();
    }

    @Test
    void theVectorsOfAnotherVersionMayHaveAnotherLength() {
        for (int i = 0; i < 10; i++) {
            known(ADA, 0.98);
        }
        for (int i = 0; i < 10; i++) {
            poll.add(new Verdict(Decision.UNKNOWN, null, BOB, 0.01), quality(600), "v2", now);
            poll.elect(RULES);
        }

        assertThat(poll.elected()).contains(ADA);
        assertThat(poll.votes().get(0).weight()).isBetween(0.3, 0.6);
    }

    @Test
    void votesForManyPeopleAreBounded() {
        known(ADA, 0.9995);
        for (int i = 0; i < 100; i++) {
            unknown(new UUID(7, i));
        }

        assertThat(poll.votes()).hasSize(Sighting.MOST_VOTES);
        assertThat(poll.mentioned()).contains(ADA);
    }

    @Test
    void aPollIsTheSameAfterItWasStored() throws Exception {
        for (int i = 0; i < 10; i++) {
            known(ADA, 0.98);
            vote(Decision.UNKNOWN, Reason.TOO_SMALL, null, 0, 30);
            known(BOB, 0.5);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        poll.write(new DataOutputStream(bytes));

        Poll read = Poll.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

        assertThat(read.votes()).isEqualTo(poll.votes());
        assertThat(read.elected()).isEqualTo(poll.elected());
        assertThat(read.reason()).isEqualTo(poll.reason());
        read.add(new Verdict(Decision.KNOWN, null, BOB, 0.9), quality(50), "v2", now);
        poll.add(new Verdict(Decision.KNOWN, null, BOB, 0.9), quality(50), "v2", now);
        assertThat(read.votes()).isEqualTo(poll.votes());
    }

    @Test
    void aVerdictThatContradictsItselfIsRefused() {
        assertThatThrownBy(() -> new Verdict(Decision.KNOWN, null, null, 0.5))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Verdict(Decision.UNKNOWN, null, ADA, Double.NaN))
                .hasMessageContaining("NaN");
    }
}
