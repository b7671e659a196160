package io.facestream.sightings.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.faces.ChipTopic.Chip;
import io.facestream.faces.ChipTopic.Found;
import io.facestream.faces.ChipTopic.Missing;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.RecordPointer;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.Change;
import io.facestream.sightings.projection.ShotTable.Round;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose best shot is kept, until when, and who may look at it. */
class ShotTableTest {
    private static final TestGallery GALLERY = TestGallery.of(ShotTableTest.class);
    private static final UUID ADA = new UUID(0, 0xada);
    private static final UUID BOB = new UUID(0, 0xb0b);
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private static final ShotRules PEOPLE = new ShotRules(Duration.ofDays(30), Duration.ZERO);
    private static final ShotRules EVERYBODY = new ShotRules(Duration.ofDays(30), Duration.ofDays(1));

    private final List<WantedShot> asked = new ArrayList<>();
    private SightingTable visits;
    private ShotTable shots;

    @BeforeEach
    void begin() throws SQLException {
        GALLERY.renew();
        GALLERY.execute("insert into facestream.identity (id, kind, name) values ('" + ADA
                + "', 'person', 'Ada Lovelace'), ('" + BOB + "', 'person', 'Bob')");
        keep(PEOPLE);
    }

    private void keep(ShotRules rules) throws SQLException {
        visits = new SightingTable(GALLERY.as("facestream_sightings"), Duration.ofDays(30), rules);
        shots = new ShotTable(GALLERY.as("facestream_sightings"), rules);
    }

    private void tell(String id, int sequence, UUID identity, String event) throws SQLException {
        tell(id, sequence, identity, event, NOW);
    }

    private void tell(String id, int sequence, UUID identity, String event, Instant at) throws SQLException {
        Change change = sequence == 1 ? Change.APPEARED : Change.UPDATED;
        RecordPointer chip = new RecordPointer("detected-faces", 1, 40 + sequence);
        Sighting message = Told.of(id, sequence, change, identity, at, sequence + 1, event, chip);
        assertThat(visits.write(List.of(message)).visits()).isEqualTo(1);
    }

    private Map<WantedShot, Found> chips(List<WantedShot> wanted) {
        asked.addAll(wanted);
        Map<WantedShot, Found> found = new LinkedHashMap<>();
        wanted.forEach(shot -> found.put(shot, new Chip(("chip of " + shot.eventId()).getBytes(), NOW)));
        return found;
    }

    private static Map<WantedShot, Found> missing(List<WantedShot> wanted, Missing why) {
        Map<WantedShot, Found> found = new LinkedHashMap<>();
        wanted.forEach(shot -> found.put(shot, why));
        return found;
    }

    private static List<String> kept() throws SQLException {
        return GALLERY.query("select sighting_id || ' ' || convert_from(chip, 'UTF8') from facestream.sighting_shot"
                + " order by sighting_id");
    }

    private static final Round IDLE = Round.NONE;

    @Test
    void theBestShotOfAPersonIsKeptAndThatOfSomebodyUnknownIsNot() throws SQLException {
        tell("a#0", 1, ADA, "a#0");
        tell("b#0", 1, null, "b#0");

        assertThat(shots.fill(this::chips)).isEqualTo(new Round(1, 0, 0, 1));

        assertThat(asked).singleElement().satisfies(shot -> {
            assertThat(shot.chip()).isEqualTo(new RecordPointer("detected-faces", 1, 41));
            assertThat(shot.identityId()).isEqualTo(ADA);
        });
        assertThat(kept()).containsExactly("a#0 chip of a#0");
        assertThat(shots.fill(this::chips)).as("nothing is left to do").isEqualTo(IDLE);
        assertThat(GALLERY.query("select sighting_id, has_shot from facestream.sighting_log order by 1"))
                .containsExactly("a#0 t", "b#0 f");
    }

    @Test
    void anotherBestShotTakesItsPlaceAndAMessageWithTheSameOneOrAReplayAsksForNothing() throws SQLException {
        tell("a#0", 1, ADA, "a#0");
        shots.fill(this::chips);
        tell("a#0", 2, ADA, "a#0");
        tell("a#0", 1, ADA, "another#0");
        assertThat(shots.fill(this::chips)).isEqualTo(IDLE);

        tell("a#0", 3, ADA, "better#0");
        assertThat(shots.fill(this::chips).kept()).isEqualTo(1);

        assertThat(kept()).containsExactly("a#0 chip of better#0");
    }

    @Test
    void aShotThatIsGoneOrUnreadableIsCountedAndNeverAskedForAgain() throws SQLException {
        tell("a#0", 1, ADA, "a#0");
        assertThat(shots.fill(wanted -> missing(wanted, Missing.GONE))).isEqualTo(new Round(0, 1, 0, 1));
        tell("a#0", 2, ADA, "a#1");
        assertThat(shots.fill(wanted -> missing(wanted, Missing.UNREADABLE))).isEqualTo(new Round(0, 0, 1, 1));

        assertThat(shots.fill(this::chips)).isEqualTo(IDLE);
        assertThat(kept()).isEmpty();
    }

    @Test
    void whileTheBrokerIsAwayNothingIsLostAndRowsAreWritten() throws SQLException {
        tell("a#0", 1, ADA, "a#0");
        assertThatThrownBy(() -> shots.fill(wanted -> {
                    throw new TimeoutException("away");
                }))
                .hasMessage("away");
        tell("a#0", 2, ADA, "a#0");

        assertThat(shots.fill(this::chips).kept()).isEqualTo(1);
    }

    @Test
    void rowsAreWrittenWhileChipsAreRead() throws Exception {
        tell("a#0", 1, ADA, "a#0");

        Round round = shots.fill(wanted -> {
            try {
                // the same visit, and an erasure of somebody else: neither waits for a broker that is slow
                CompletableFuture.runAsync(() -> {
                            try {
                                tell("a#0", 2, ADA, "better#0");
                                assertThat(new ShotTable(GALLERY.as("facestream_sightings"), PEOPLE).fill(this::chips))
                                        .as("one replica at a time")
                                        .isEqualTo(IDLE);
                                GALLERY.query("select * from facestream.erase_person('Bob')");
                            } catch (SQLException e) {
                                throw new IllegalStateException(e);
                            }
                        })
                        .get(20, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return chips(wanted);
        });

        assertThat(round).as("the row is about another face now").isEqualTo(new Round(0, 0, 0, 1));
        assertThat(shots.fill(this::chips).kept()).isEqualTo(1);
        assertThat(kept()).containsExactly("a#0 chip of better#0");
    }

    @Test
    void whoIsErasedIsErasedWithTheShotsAndTheReceiptCountsThem() throws SQLException {
        tell("a#0", 1, ADA, "a#0");
        tell("a#1", 1, ADA, "a#1");
        tell("b#0", 1, BOB, "b#0");
        shots.fill(this::chips);
        tell("a#2", 1, ADA, "a#2");

        assertThat(GALLERY.query("select * from facestream.erase_person('Ada Lovelace')"))
                .contains("sighting 3 0", "sighting_shot 2 0");

        assertThat(kept()).containsExactly("b#0 chip of b#0");
        assertThat(shots.fill(this::chips)).as("the third one is nobody's").isEqualTo(IDLE);
        tell("a#0", 2, ADA, "better#0");
        assertThat(shots.fill(this::chips)).isEqualTo(IDLE);
    }

    @Test
    void whoIsErasedWhileTheChipIsReadIsNotKept() throws SQLException {
        keep(EVERYBODY);
        tell("a#0", 1, ADA, "a#0");

        Round round = shots.fill(wanted -> {
            try {
                GALLERY.query("select * from facestream.erase_person('Ada Lovelace')");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return chips(wanted);
        });

        assertThat(round.kept()).isZero();
        assertThat(kept()).isEmpty();
        assertThat(shots.fill(this::chips).kept())
                .as("a visit of somebody who was erased is not one of somebody unknown")
                .isZero();
        assertThat(kept()).isEmpty();
        assertThat(shots.fill(this::chips)).isEqualTo(IDLE);
    }

    @Test
    void aVisitThatTurnsOutToBeSomebodyElsesHasNoShotUnderTheFormerName() throws SQLException {
        tell("a#0", 1, ADA, "a#0");
        shots.fill(this::chips);
        tell("a#0", 2, BOB, "a#0");
        assertThat(kept()).isEmpty();
        shots.fill(this::chips);
        assertThat(GALLERY.query("select identity_id from facestream.sighting_shot"))
                .containsExactly(BOB.toString());

        tell("a#0", 3, null, "a#0");

        assertThat(kept()).isEmpty();
        assertThat(shots.fill(this::chips)).isEqualTo(IDLE);
    }

    @Test
    void aVisitThatIsNamedWhileTheChipIsReadHasItsShotInTheNextRound() throws SQLException {
        keep(EVERYBODY);
        tell("a#0", 1, null, "a#0");

        Round round = shots.fill(wanted -> {
            try {
                tell("a#0", 2, BOB, "a#0");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return chips(wanted);
        });

        assertThat(round.kept()).isZero();
        assertThat(shots.fill(this::chips).kept()).isEqualTo(1);
        assertThat(GALLERY.query("select identity_id from facestream.sighting_shot"))
                .containsExactly(BOB.toString());
    }

    @Test
    void shotsOfOthersAreKeptWhereThatIsSetAndGoEarlier() throws SQLException {
        keep(EVERYBODY);
        tell("a#0", 1, ADA, "a#0");
        tell("b#0", 1, null, "b#0");
        assertThat(shots.fill(this::chips).kept()).isEqualTo(2);

        assertThat(expire(new ShotRules(Duration.ofDays(30), Duration.ZERO))).isEqualTo(1);
        assertThat(kept()).containsExactly("a#0 chip of a#0");
        assertThat(expire(new ShotRules(Duration.ZERO, Duration.ZERO))).isEqualTo(1);
        assertThat(kept()).isEmpty();
    }

    private static long expire(ShotRules rules) throws SQLException {
        return new Expiry(
                        GALLERY.as("facestream_sightings"),
                        Duration.ofDays(30),
                        Duration.ofDays(7),
                        rules,
                        new CountDownLatch(1))
                .expire()
                .shots();
    }

    @Test
    void aShotGoesWithTheDayOfItsVisit() throws SQLException {
        tell("old#0", 1, ADA, "old#0", NOW.minus(Duration.ofDays(20)));
        tell("new#0", 1, ADA, "new#0");
        shots.fill(this::chips);

        new Expiry(
                        GALLERY.as("facestream_sightings"),
                        Duration.ofDays(7),
                        Duration.ofDays(7),
                        PEOPLE,
                        new CountDownLatch(1))
                .expire();

        assertThat(kept()).containsExactly("new#0 chip of new#0");
    }

    @Test
    void manyAreLookedUpSomeAtATime() throws SQLException {
        for (int i = 0; i < 130; i++) {
            tell("a#" + i, 1, ADA, "a#" + i);
        }

        assertThat(shots.fill(this::chips).looked()).isEqualTo(ShotTable.MOST_WANTED);
        assertThat(shots.fill(this::chips).looked()).isEqualTo(30);
        assertThat(kept()).hasSize(130);
    }

    @Test
    void whoLooksAtAShotIsInTheAuditTrail() throws SQLException {
        tell("a#0", 1, ADA, "a#0");
        assertThat(GALLERY.query("select facestream.show_shot('/cameras/lobby', 'a#0') is null"))
                .containsExactly("t");
        assertThat(shown()).isEmpty();
        shots.fill(this::chips);

        assertThat(GALLERY.query("select convert_from(facestream.show_shot('/cameras/lobby', 'a#0'), 'UTF8')"))
                .containsExactly("chip of a#0");

        assertThat(shown()).containsExactly("t a#0");
    }

    private static List<String> shown() throws SQLException {
        return GALLERY.query("select name_hmac = facestream.trail_name('Ada Lovelace'), detail ->> 'sighting'"
                + " from facestream.audit where action = 'show-shot'");
    }
}
