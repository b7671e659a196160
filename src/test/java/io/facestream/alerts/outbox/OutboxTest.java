package io.facestream.alerts.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.facestream.alerts.Visits;
import io.facestream.alerts.rules.Rule;
import io.facestream.alerts.rules.TestRules;
import io.facestream.alerts.target.Alert;
import io.facestream.gallery.TestGallery;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The outbox in a real database, with the rights of the role. */
class OutboxTest {
    private static final TestGallery GALLERY = TestGallery.of(OutboxTest.class);
    private static final UUID ADA = new UUID(0, 0xada);
    private static final UUID BOB = new UUID(0, 0xb0b);
    private static final Duration MAX_AGE = Duration.ofMinutes(2);
    private static final Duration NONE = Duration.ZERO;
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private Outbox outbox;

    @BeforeEach
    void begin() throws SQLException {
        GALLERY.renew();
        GALLERY.execute("insert into facestream.identity (id, kind, name) values ('" + ADA
                + "', 'person', 'Ada Lovelace'), ('" + BOB + "', 'person', 'Bob')");
        outbox = new Outbox(GALLERY.as("facestream_alerts"));
    }

    private static AlertStore store(Duration settle, Rule... rules) throws SQLException {
        return new AlertStore(
                GALLERY.as("facestream_alerts"),
                new AlertRules(List.of(rules), settle, Map.of("phone", MAX_AGE, "archive", Duration.ofDays(2))));
    }

    private static Sighting message(String id, int sequence, Sighting.Change change, UUID identity) {
        return Visits.message("door", id, sequence, change, identity, NOW);
    }

    private static Sighting appeared(String id, UUID identity) {
        return message(id, 1, Sighting.Change.APPEARED, identity);
    }

    private static Sighting updated(String id, int sequence, UUID identity) {
        return message(id, sequence, Sighting.Change.UPDATED, identity);
    }

    private static List<String> rows() throws SQLException {
        return GALLERY.query("select sighting_id || ' ' || target || ' ' || coalesce(name, 'unknown') || ' ' || state"
                + " from facestream.alert_log order by sighting_id, target, stored_at, name");
    }

    /** Delivers all that is due, as a target would see it. */
    private List<String> deliver(String target) throws SQLException {
        List<String> delivered = new ArrayList<>();
        for (Optional<Claim> claim = look(target); claim.isPresent(); claim = look(target)) {
            delivered.add(told(claim.get().alert()));
            outbox.sent(claim.get());
        }
        return delivered;
    }

    private Optional<Claim> look(String target) throws SQLException {
        return outbox.look(target, target.equals("phone") ? MAX_AGE : Duration.ofDays(2), 1000)
                .claim();
    }

    private static String told(Alert alert) {
        Subject subject = alert.subject();
        return alert.rule() + ": " + alert.sightingId() + " "
                + (subject.name() == null ? subject.kind().code() : subject.name())
                + (subject.supersedes() == null
                        ? ""
                        : ", not " + subject.supersedes().name());
    }

    @Test
    void aVisitAlertsOncePerRuleAndTargetHoweverManyMessagesItHasAndHoweverOftenTheyCome() throws SQLException {
        AlertStore store = store(
                NONE,
                TestRules.rule("all", "anybody", NONE, "phone", "archive"),
                TestRules.rule("ada", "Ada Lovelace", NONE, "phone"));
        List<Sighting> messages = List.of(
                appeared("a#0", ADA),
                updated("a#0", 2, ADA),
                message("a#0", 3, Sighting.Change.LEFT, ADA),
                message("a#0", 4, Sighting.Change.RETURNED, ADA),
                appeared("b#0", BOB));

        Map<Change, Integer> first = store.store(messages).changes();
        assertThat(store.store(messages).changes()).isEmpty();

        assertThat(first).isEqualTo(Map.of(new Change("phone", "waiting"), 3, new Change("archive", "waiting"), 2));
        assertThat(deliver("phone"))
                .containsExactlyInAnyOrder("all: a#0 Ada Lovelace", "ada: a#0 Ada Lovelace", "all: b#0 Bob");
        assertThat(deliver("archive")).containsExactlyInAnyOrder("all: a#0 Ada Lovelace", "all: b#0 Bob");
        store.store(messages);
        assertThat(deliver("phone")).isEmpty();
    }

    @Test
    void aMessageThatTheDatabaseNeverTakesIsLeftOutAndStopsNoOther() throws SQLException {
        AlertStore store = store(NONE, TestRules.rule("all", "anybody", NONE, "phone"));
        String endless = new Random(1)
                .ints(20_000, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();

        AlertStore.Stored stored = store.store(List.of(
                appeared("a#0", ADA),
                appeared("nul\u0000#0", ADA),
                appeared(endless, ADA),
                updated("nul\u0000#0", 2, ADA),
                appeared("b#0", BOB)));

        assertThat(stored.changes()).isEqualTo(Map.of(new Change("phone", "waiting"), 2));
        assertThat(stored.refused())
                .extracting(refused -> refused.row().sightingId())
                .containsExactly("nul\u0000#0", endless, "nul\u0000#0");
        assertThat(deliver("phone")).containsExactlyInAnyOrder("all: a#0 Ada Lovelace", "all: b#0 Bob");
    }

    @Test
    void aNameThatComesWhileTheAlertOfSomebodyUnknownIsOnItsWayMakesNoSecondOne() throws SQLException {
        AlertStore store = store(NONE, TestRules.rule("all", "anybody", NONE, "phone"));
        store.store(List.of(appeared("a#0", null)));
        Claim onItsWay = look("phone").orElseThrow();

        store.store(List.of(updated("a#0", 2, ADA)));
        outbox.sent(onItsWay);

        assertThat(deliver("phone")).isEmpty();
        assertThat(rows()).containsExactlyInAnyOrder("a#0 phone unknown sent", "a#0 phone Ada Lovelace cancelled");
    }

    @Test
    void aCorrectionSaysWhomItCorrectsEvenIfThatAlertWasOnItsWayWhenItCame() throws SQLException {
        AlertStore store = store(NONE, TestRules.rule("all", "anybody", NONE, "phone"));
        store.store(List.of(appeared("a#0", ADA)));
        Claim onItsWay = look("phone").orElseThrow();

        store.store(List.of(updated("a#0", 2, BOB)));
        outbox.sent(onItsWay);

        assertThat(deliver("phone")).containsExactly("all: a#0 Bob, not Ada Lovelace");
    }

    @Test
    void whatIsDeliveredIsWhatWasSeenAndHasAnIdOfItsOwn() throws SQLException {
        Sighting message = appeared("a#0", ADA);
        store(NONE, TestRules.rule("all", "anybody", NONE, "phone")).store(List.of(message));

        Claim claim = look("phone").orElseThrow();

        assertThat(claim.alert())
                .isEqualTo(new Alert(
                        1,
                        AlertId.of("/cameras/door", "a#0", "all", "phone", ADA.toString())
                                .toString(),
                        "all",
                        "phone",
                        "/cameras/door",
                        "a#0",
                        1,
                        Sighting.Change.APPEARED,
                        "door",
                        message.firstSeen(),
                        message.lastSeen(),
                        message.firstAppendedAt(),
                        message.lastAppendedAt(),
                        2,
                        new Subject(Subject.Kind.PERSON, ADA, "Ada Lovelace", 0.9, null),
                        null,
                        message.best()));
        assertThat(claim.attempt()).isEqualTo(1);
        assertThat(claim.age()).isBetween(Duration.ZERO, MAX_AGE);
        assertThat(claim.id().version()).isEqualTo(8);
        assertThat(claim.id().variant()).isEqualTo(2);
    }

    @Test
    void somebodyWhoIsNamedAMomentLaterIsNoUnknown() throws SQLException {
        AlertStore store = store(
                Duration.ofSeconds(1),
                TestRules.rule("strangers", "unknown", NONE, "phone"),
                TestRules.rule("all", "anybody", NONE, "phone"));
        store.store(List.of(appeared("a#0", null), appeared("b#0", null)));
        assertThat(look("phone")).isEmpty();

        assertThat(store.store(List.of(updated("a#0", 2, ADA))).changes())
                .isEqualTo(Map.of(new Change("phone", "cancelled"), 2, new Change("phone", "waiting"), 1));

        assertThat(deliver("phone")).containsExactly("all: a#0 Ada Lovelace");
        pass("1 s");
        assertThat(deliver("phone")).containsExactlyInAnyOrder("strangers: b#0 unknown", "all: b#0 unknown");
        // named after the alert: a rule for anybody has told of the visit
        store.store(List.of(updated("b#0", 2, BOB)));
        assertThat(deliver("phone")).isEmpty();
    }

    /** Lets time pass for the alerts that wait. */
    private static void pass(String time) throws SQLException {
        GALLERY.execute("update facestream.alert_outbox set due_at = due_at - interval '" + time
                + "', leased_until = leased_until - interval '" + time + "'");
    }

    @Test
    void aChangeOfMindIsToldAndSaysWhomItSupersedes() throws SQLException {
        AlertStore store = store(
                NONE,
                TestRules.rule("known", "known", NONE, "phone"),
                TestRules.rule("ada", "Ada Lovelace", NONE, "phone"),
                TestRules.rule("all", "anybody", NONE, "archive"));
        store.store(List.of(appeared("a#0", ADA)));
        assertThat(deliver("phone")).containsExactlyInAnyOrder("known: a#0 Ada Lovelace", "ada: a#0 Ada Lovelace");
        assertThat(deliver("archive")).hasSize(1);

        store.store(List.of(updated("a#0", 2, BOB)));
        assertThat(deliver("phone")).containsExactly("known: a#0 Bob, not Ada Lovelace");
        assertThat(deliver("archive")).containsExactly("all: a#0 Bob, not Ada Lovelace");

        // Nobody is named any more: whoever was told a name hears that it was wrong.
        store.store(List.of(updated("a#0", 3, null)));
        assertThat(deliver("phone")).isEmpty();
        assertThat(deliver("archive")).containsExactly("all: a#0 unknown, not Bob");
    }

    @Test
    void whoeverWasToldAndThenSomebodyElseIsToldAgainOnceWhateverTheCoolDown() throws SQLException {
        AlertStore store = store(NONE, TestRules.rule("all", "anybody", Duration.ofMinutes(5), "phone"));
        List<Sighting> messages = List.of(
                appeared("a#0", ADA),
                updated("a#0", 2, BOB),
                updated("a#0", 3, ADA),
                updated("a#0", 4, ADA),
                updated("a#0", 5, null),
                updated("a#0", 6, ADA));
        List<String> told = new ArrayList<>();
        for (Sighting message : messages) {
            store.store(List.of(message));
            told.addAll(deliver("phone"));
        }

        assertThat(told)
                .containsExactly(
                        "all: a#0 Ada Lovelace",
                        "all: a#0 Bob, not Ada Lovelace",
                        "all: a#0 Ada Lovelace, not Bob",
                        "all: a#0 unknown, not Ada Lovelace",
                        "all: a#0 Ada Lovelace, not Bob");
        assertThat(store.store(messages).changes()).as("read again").isEmpty();
        assertThat(deliver("phone")).isEmpty();
    }

    @Test
    void aCorrectionWaitsForWhatAnotherReplicaIsTellingAndSaysWhomItSupersedes() throws SQLException {
        Outbox other = new Outbox(GALLERY.as("facestream_alerts"));
        AlertStore store = store(NONE, TestRules.rule("all", "anybody", NONE, "phone"));
        store.store(List.of(appeared("a#0", ADA)));
        Claim underWay = look("phone").orElseThrow();
        store.store(List.of(updated("a#0", 2, BOB), appeared("b#0", BOB)));

        Claim meanwhile = other.look("phone", MAX_AGE, 1000).claim().orElseThrow();
        assertThat(told(meanwhile.alert())).as("another visit").isEqualTo("all: b#0 Bob");
        other.sent(meanwhile);
        assertThat(other.look("phone", MAX_AGE, 1000).claim()).isEmpty();
        outbox.sent(underWay);

        assertThat(told(other.look("phone", MAX_AGE, 1000).claim().orElseThrow().alert()))
                .isEqualTo("all: a#0 Bob, not Ada Lovelace");
    }

    @Test
    void whoeverIsSupersededIsToldAsTheKindThatTheyAre() throws SQLException {
        GALLERY.execute("update facestream.identity set kind = 'stranger', name = null where id = '" + BOB + "'");
        AlertStore store = store(NONE, TestRules.rule("all", "anybody", NONE, "phone"));
        store.store(List.of(appeared("a#0", BOB)));
        deliver("phone");

        store.store(List.of(updated("a#0", 2, ADA)));

        assertThat(look("phone").orElseThrow().alert().subject().supersedes())
                .isEqualTo(new Subject.Former(Subject.Kind.STRANGER, BOB, null));
    }

    @Test
    void aNameThatChangesBeforeItWasToldIsNotToldAtAll() throws SQLException {
        AlertStore store = store(NONE, TestRules.rule("known", "known", NONE, "phone"));
        List<Sighting> messages = List.of(appeared("a#0", ADA), updated("a#0", 2, BOB), updated("a#0", 3, ADA));

        store.store(messages);
        // the first one again, which a later one has overruled
        store.store(messages.subList(0, 2));

        assertThat(deliver("phone")).containsExactly("known: a#0 Ada Lovelace");
        assertThat(rows()).containsExactlyInAnyOrder("a#0 phone Ada Lovelace sent", "a#0 phone Bob cancelled");
    }

    @Test
    void aKnownFromBeforeAnOutageIsNotSentAnHourLaterButIsCountedAndArchived() throws SQLException {
        AlertStore store = store(NONE, TestRules.rule("door", "known", NONE, "phone", "archive"));
        Sighting old = Visits.message("door", "a#0", 1, Sighting.Change.APPEARED, ADA, NOW.minus(Duration.ofHours(1)));

        assertThat(store.store(List.of(old, old)).changes())
                .isEqualTo(Map.of(new Change("phone", "late"), 1, new Change("archive", "waiting"), 1));
        assertThat(deliver("phone")).isEmpty();
        assertThat(deliver("archive")).containsExactly("door: a#0 Ada Lovelace");

        // They left: no reason to open. They are still there: that is news.
        store.store(List.of(message("a#0", 2, Sighting.Change.LEFT, ADA)));
        assertThat(deliver("phone")).isEmpty();
        store.store(List.of(updated("a#0", 3, ADA)));
        assertThat(deliver("phone")).containsExactly("door: a#0 Ada Lovelace");
    }

    @Test
    void anAlertThatWaitedTooLongForItsTargetIsNotSentAnyMore() throws SQLException {
        store(NONE, TestRules.rule("door", "known", NONE, "phone")).store(List.of(appeared("a#0", ADA)));
        Claim claim = look("phone").orElseThrow();
        outbox.retry(claim, Duration.ZERO, "answers 503");
        GALLERY.execute("update facestream.alert_outbox set last_appended_at = last_appended_at - interval '2 min'");

        Outbox.Look look = outbox.look("phone", MAX_AGE, 1000);

        assertThat(look.claim()).isEmpty();
        assertThat(look.left()).containsEntry("expired", 1);
        assertThat(GALLERY.query("select state, attempts, failure from facestream.alert_log"))
                .containsExactly("expired 1 answers 503");
    }

    @Test
    void aCoolDownIsPerRuleSubjectAndCameraAndTheSameOnEveryReplicaAndAfterARestart() throws SQLException {
        Rule rule = TestRules.rule("known", "known", Duration.ofMinutes(10), "phone");
        store(NONE, rule).store(List.of(appeared("a#0", ADA)));
        assertThat(deliver("phone")).hasSize(1);

        outbox = new Outbox(GALLERY.as("facestream_alerts"));
        store(NONE, rule)
                .store(List.of(
                        appeared("b#0", ADA),
                        appeared("c#0", BOB),
                        Visits.message("yard", "d#0", 1, Sighting.Change.APPEARED, ADA, NOW)));

        assertThat(deliver("phone")).containsExactlyInAnyOrder("known: c#0 Bob", "known: d#0 Ada Lovelace");
        assertThat(rows()).contains("b#0 phone Ada Lovelace cooled-down");
        GALLERY.execute("update facestream.alert_outbox set last_appended_at = last_appended_at - interval '10 min'");
        store(NONE, rule).store(List.of(updated("b#0", 2, ADA), appeared("e#0", ADA)));
        assertThat(deliver("phone")).containsExactly("known: e#0 Ada Lovelace");
    }

    @Test
    void somebodyWhoWasUnknownForAMomentHidesNoStranger() throws SQLException {
        AlertStore store =
                store(Duration.ofSeconds(1), TestRules.rule("strangers", "unknown", Duration.ofMinutes(10), "phone"));
        store.store(List.of(
                appeared("a#0", null),
                Visits.message("door", "b#0", 1, Sighting.Change.APPEARED, null, NOW.plusMillis(200)),
                Visits.message("door", "c#0", 1, Sighting.Change.APPEARED, null, NOW.plusMillis(300)),
                updated("a#0", 2, ADA)));
        pass("1 s");

        assertThat(deliver("phone")).containsExactly("strangers: b#0 unknown");
        assertThat(rows())
                .containsExactly(
                        "a#0 phone unknown cancelled", "b#0 phone unknown sent", "c#0 phone unknown cooled-down");
    }

    @Test
    void whoIsCooledDownByAnAlertThatIsNeverSentIsTold() throws SQLException {
        store(NONE, TestRules.rule("known", "known", Duration.ofMinutes(10), "phone"))
                .store(List.of(
                        appeared("a#0", ADA),
                        Visits.message("door", "b#0", 1, Sighting.Change.APPEARED, ADA, NOW.plusMillis(500))));
        Claim first = look("phone").orElseThrow();
        assertThat(look("phone")).as("it waits for what becomes of the first").isEmpty();

        outbox.fail(first, "answers 404");

        assertThat(deliver("phone")).containsExactly("known: b#0 Ada Lovelace");
    }

    @Test
    void whoIsErasedBetweenStoringAndDeliveryIsNotSentAndNothingIsLeft() throws SQLException {
        AlertStore store = store(NONE, TestRules.rule("all", "anybody", NONE, "phone"));
        store.store(List.of(appeared("a#0", BOB), appeared("c#0", ADA)));
        deliver("phone");
        store.store(List.of(appeared("b#0", ADA), updated("c#0", 2, BOB)));

        List<String> receipt = GALLERY.query("select * from facestream.erase_person('Ada Lovelace')");

        assertThat(receipt).contains("alert_outbox 2 0");
        assertThat(deliver("phone")).containsExactly("all: c#0 Bob");
        assertThat(GALLERY.query("select o::text from facestream.alert_outbox o"))
                .noneMatch(row -> row.contains(ADA.toString()) || row.contains("a name as it was"));
        // messages of the erased person that are read again
        assertThat(store.store(List.of(appeared("b#0", ADA))).changes()).isEmpty();
        assertThat(deliver("phone")).isEmpty();
    }

    @Test
    void alertsWaitForAnErasureThatIsUnderWayAndNeitherFails() throws Exception {
        AlertStore store = store(NONE, TestRules.rule("all", "anybody", NONE, "phone"));
        store.store(List.of(appeared("a#0", ADA)));
        CompletableFuture<Void> stored;
        try (Connection erasure = GALLERY.dataSource().getConnection()) {
            erasure.setAutoCommit(false);
            TestGallery.query(erasure, "select * from facestream.erase_person('Ada Lovelace')");

            stored = CompletableFuture.runAsync(() -> {
                try {
                    store.store(List.of(appeared("b#0", ADA), updated("a#0", 2, BOB)));
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !GALLERY.query("select 1 from pg_locks where locktype = 'advisory' and not granted")
                            .isEmpty());
            erasure.commit();
        }
        stored.get(20, TimeUnit.SECONDS);

        assertThat(rows()).containsExactly("a#0 phone Bob waiting");
    }

    @Test
    void whoIsRenamedIsToldByTheNameOfToday() throws SQLException {
        AlertStore store = store(NONE, TestRules.rule("ada", "Ada King", NONE, "phone"));
        store.store(List.of(appeared("a#0", ADA)));
        GALLERY.execute("update facestream.identity set name = 'Ada King' where id = '" + ADA + "'");

        store.store(List.of(updated("a#0", 2, ADA)));

        assertThat(deliver("phone")).containsExactly("ada: a#0 Ada King");
    }

    @Test
    void ofTwoReplicasOneDeliversAndTakesOverFromTheOtherIfThatIsKilled() throws Exception {
        AlertStore store = store(NONE, TestRules.rule("known", "known", NONE, "phone"));
        List<Sighting> many = new ArrayList<>();
        for (int visit = 0; visit < 40; visit++) {
            many.add(appeared(visit + "#0", ADA));
        }
        store.store(many);
        Claim abandoned = look("phone").orElseThrow();
        Map<UUID, Integer> delivered = new ConcurrentHashMap<>();
        List<Thread> replicas = new ArrayList<>();
        for (int replica = 0; replica < 2; replica++) {
            Outbox own = new Outbox(GALLERY.as("facestream_alerts"));
            replicas.add(new Thread(() -> {
                try {
                    for (Optional<Claim> claim =
                                    own.look("phone", MAX_AGE, 1000).claim();
                            claim.isPresent();
                            claim = own.look("phone", MAX_AGE, 1000).claim()) {
                        delivered.merge(claim.get().id(), 1, Integer::sum);
                        own.sent(claim.get());
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        replicas.forEach(Thread::start);
        for (Thread replica : replicas) {
            replica.join();
        }

        assertThat(delivered).hasSize(39).doesNotContainKey(abandoned.id());
        assertThat(delivered.values()).containsOnly(1);
        pass("45 s");
        Claim taken = look("phone").orElseThrow();
        assertThat(taken.id()).isEqualTo(abandoned.id());
        assertThat(taken.attempt()).isEqualTo(2);
        // It was not dead, only slow: what it says changes nothing any more.
        outbox.retry(abandoned, Duration.ofHours(1), "slow");
        outbox.sent(taken);
        assertThat(rows()).hasSize(40).allMatch(row -> row.endsWith("sent"));
    }

    @Test
    void beyondTheMostThatMayWaitTheOldestAreDropped() throws SQLException {
        AlertStore store = store(NONE, TestRules.rule("known", "known", NONE, "phone", "archive"));
        List<Sighting> many = new ArrayList<>();
        for (int visit = 0; visit < 5; visit++) {
            many.add(Visits.message("door", visit + "#0", 1, Sighting.Change.APPEARED, ADA, NOW.plusMillis(visit)));
        }
        store.store(many);

        Outbox.Look look = outbox.look("phone", MAX_AGE, 2);

        assertThat(look.left()).containsEntry("dropped", 3);
        assertThat(look.claim().orElseThrow().alert().sightingId()).isIn("3#0", "4#0");
        assertThat(deliver("archive")).hasSize(5);
    }

    @Test
    void aRowOfAnotherBuildStandsInNobodysWay() throws SQLException {
        store(NONE, TestRules.rule("known", "known", NONE, "phone"))
                .store(List.of(appeared("a#0", ADA), appeared("b#0", ADA)));
        GALLERY.execute("update facestream.alert_outbox set best = '{}' where sighting_id = 'a#0'");

        List<String> delivered = new ArrayList<>(deliver("phone"));
        delivered.addAll(deliver("phone"));

        assertThat(delivered).containsExactly("known: b#0 Ada Lovelace");
        assertThat(GALLERY.query("select sighting_id, state, failure from facestream.alert_log where state = 'failed'"))
                .containsExactly("a#0 failed this build cannot read it");
    }

    @Test
    void oldAlertsAreRemovedWhateverTheirState() throws SQLException {
        store(NONE, TestRules.rule("known", "known", NONE, "phone", "archive"))
                .store(List.of(appeared("a#0", ADA), appeared("b#0", ADA)));
        deliver("phone");
        GALLERY.execute("update facestream.alert_outbox set stored_at = now() - interval '8 days'"
                + " where sighting_id = 'a#0'");

        assertThat(outbox.remove(Duration.ofDays(7), 1)).isEqualTo(1);
        assertThat(outbox.remove(Duration.ofDays(7), 10)).isEqualTo(1);

        assertThat(rows()).containsExactly("b#0 archive Ada Lovelace waiting", "b#0 phone Ada Lovelace sent");
    }

    /** Merged since the visit began, so that its messages have the former id. */
    @Test
    void aMergedPersonIsTheOtherOneInRulesAndNames() throws SQLException {
        GALLERY.execute("update facestream.identity set merged_into = '" + ADA + "' where id = '" + BOB + "'");
        GALLERY.execute("insert into facestream.identity_tag values ('" + ADA + "', 'staff')");

        store(NONE, TestRules.rule("byname", "Ada Lovelace", NONE, "phone")).store(List.of(appeared("a#0", BOB)));
        store(NONE, TestRules.rule("bytag", "tag:staff", NONE, "archive")).store(List.of(appeared("a#0", BOB)));

        assertThat(rows()).containsExactly("a#0 archive Ada Lovelace waiting", "a#0 phone Ada Lovelace waiting");
    }

    @Test
    void nothingIsStoredAboutWhoeverIsIgnored() throws SQLException {
        GALLERY.execute("update facestream.identity set ignored = true where id = '" + ADA + "'");

        store(NONE, TestRules.rule("all", "anybody", NONE, "phone"))
                .store(List.of(appeared("a#0", ADA), appeared("b#0", BOB)));

        assertThat(rows()).containsExactly("b#0 phone Bob waiting");
    }

    @Test
    void theRoleCanDoNoMoreThanItsWorkAndReadersSeeTheLog() throws SQLException {
        store(NONE, TestRules.rule("known", "known", NONE, "phone")).store(List.of(appeared("a#0", ADA)));
        for (String denied : List.of(
                "select chip from facestream.face_sample",
                "select metadata from facestream.identity",
                "select * from facestream.template",
                "select * from facestream.sighting",
                "update facestream.identity set name = 'x'",
                "drop table facestream.alert_outbox")) {
            assertThatThrownBy(() -> {
                        try (var connection = GALLERY.as("facestream_alerts").getConnection();
                                var running = connection.createStatement()) {
                            running.execute(denied);
                        }
                    })
                    .as(denied)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        }
        try (var connection = GALLERY.reader();
                var statement = connection.createStatement();
                var log = statement.executeQuery("select name, state from facestream.alert_log")) {
            assertThat(log.next()).isTrue();
            assertThat(log.getString(1)).isEqualTo("Ada Lovelace");
            assertThatThrownBy(() -> statement.execute("select * from facestream.alert_outbox"))
                    .hasMessageContaining("permission denied");
        }
    }
}
