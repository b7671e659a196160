package io.facestream.sightings.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.cli.CommandRun;
import io.facestream.gallery.TestGallery;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.Change;
import io.facestream.sightings.message.Sighting.End;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rows, as the role's own login writes them and as readers see them. */
class SightingTableTest {
    private static final TestGallery GALLERY = TestGallery.of(SightingTableTest.class);
    private static final UUID ADA = new UUID(0, 0xada);
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private static final ShotRules NO_SHOTS = new ShotRules(Duration.ZERO, Duration.ZERO);

    private SightingTable table;

    @BeforeEach
    void begin() throws SQLException {
        GALLERY.renew();
        GALLERY.execute(
                "insert into facestream.identity (id, kind, name) values ('" + ADA + "', 'person', 'Ada Lovelace')");
        table = new SightingTable(GALLERY.as("facestream_sightings"), Duration.ofDays(30), NO_SHOTS);
    }

    private static Sighting visit(String id, int sequence, Change change, UUID identity, Instant first, long frames) {
        return Told.of(id, sequence, change, identity, first, frames, id, Told.SOMEWHERE);
    }

    private static List<String> log() throws SQLException {
        return GALLERY.query(
                "select sighting_id || ' ' || kind || ' ' || coalesce(name, '-') || ' ' || frames || ' ' || present"
                        + " from facestream.sighting_log order by sighting_id");
    }

    @Test
    void theLatestMessageIsTheRowInWhateverOrderAndHoweverOftenTheyCome() throws SQLException {
        List<Sighting> messages = new ArrayList<>(List.of(
                visit("a#0", 1, Change.APPEARED, null, NOW, 2),
                visit("a#0", 2, Change.UPDATED, ADA, NOW, 5),
                visit("a#0", 3, Change.LEFT, ADA, NOW, 9),
                visit("b#0", 1, Change.APPEARED, null, NOW, 2)));
        Random random = new Random(1);
        for (int round = 0; round < 10; round++) {
            Collections.shuffle(messages, random);
            int half = random.nextInt(messages.size());
            table.write(messages.subList(0, half));
            table.write(messages.subList(half, messages.size()));
        }

        assertThat(log()).containsExactly("a#0 person Ada Lovelace 9 false", "b#0 unknown - 2 true");
        assertThat(table.write(List.of())).isEqualTo(new SightingTable.Written(0, List.of()));
    }

    @Test
    void whoIsRenamedIsSoInPastVisitsAndWhoIsErasedIsInNoneAndDoesNotComeBack() throws SQLException {
        Sighting message = visit("a#0", 1, Change.APPEARED, ADA, NOW, 2);
        table.write(List.of(message));
        GALLERY.execute("update facestream.identity set name = 'Ada King' where id = '" + ADA + "'");
        assertThat(log()).containsExactly("a#0 person Ada King 2 true");

        GALLERY.query("select * from facestream.erase_person('Ada King')");
        assertThat(log()).containsExactly("a#0 unknown - 2 true");
        table.write(List.of(message, visit("a#0", 2, Change.LEFT, ADA, NOW, 4)));

        assertThat(log()).containsExactly("a#0 unknown - 4 false");
        assertThat(GALLERY.query("select probability from facestream.sighting_log"))
                .containsExactly("null");
        assertThat(list("--json").out()).doesNotContain("probability");
        assertThat(GALLERY.query("select s::text from facestream.sighting s"))
                .noneMatch(
                        row -> row.contains("Ada") || row.contains("a name as it was") || row.contains(ADA.toString()));
    }

    @Test
    void aVisitBelongsToTheDayOfItsFirstFaceOnTheBrokerAndDaysGoAsAWhole() throws SQLException {
        Instant longAgo = NOW.minus(Duration.ofDays(29));
        table.write(List.of(
                visit("old#0", 1, Change.LEFT, ADA, longAgo, 2),
                visit("new#0", 1, Change.APPEARED, ADA, NOW, 2),
                visit("gone#0", 1, Change.LEFT, ADA, NOW.minus(Duration.ofDays(31)), 2)));
        assertThat(log()).hasSize(2);

        assertThat(expire(Duration.ofDays(7), Duration.ofDays(7))).isEqualTo(new Expiry.Expired(1, 0, 0));
        assertThat(log()).containsExactly("new#0 person Ada Lovelace 2 true");

        // the table did not notice that the day is gone: the batch fails, and is tried again
        List<Sighting> old = List.of(visit("old#0", 1, Change.LEFT, ADA, longAgo, 2));
        assertThatThrownBy(() -> table.write(old)).hasMessageContaining("no partition");
        table.write(old);
        assertThat(log()).hasSize(2);
    }

    @Test
    void visitsOfNobodyKnownGoEarlier() throws SQLException {
        Instant yesterday = NOW.minus(Duration.ofDays(1));
        table.write(List.of(
                visit("a#0", 1, Change.LEFT, ADA, yesterday, 2),
                visit("b#0", 1, Change.LEFT, null, yesterday, 2),
                visit("c#0", 1, Change.LEFT, null, NOW, 2)));

        assertThat(expire(Duration.ofDays(30), Duration.ofHours(12))).isEqualTo(new Expiry.Expired(0, 1, 0));

        assertThat(log()).containsExactly("a#0 person Ada Lovelace 2 false", "c#0 unknown - 2 false");
    }

    private static Expiry.Expired expire(Duration keep, Duration keepUnknown) throws SQLException {
        return new Expiry(GALLERY.as("facestream_sightings"), keep, keepUnknown, NO_SHOTS, new CountDownLatch(1))
                .expire();
    }

    @Test
    void moreVisitsOfNobodyKnownThanOneCallRemovesGoAtOnce() throws SQLException {
        table.write(List.of(visit("a#0", 1, Change.LEFT, null, NOW.minus(Duration.ofDays(1)), 2)));
        GALLERY.execute(
                "insert into facestream.sighting select source, sighting_id || n, day, sequence, change, camera,"
                        + " kind, identity_id, probability, reason, first_seen, last_seen, first_appended_at, last_appended_at,"
                        + " frames, named_after_millis, best from facestream.sighting, generate_series(1, 20500) n");

        assertThat(expire(Duration.ofDays(30), Duration.ofHours(12))).isEqualTo(new Expiry.Expired(0, 20_501, 0));
    }

    @Test
    void aFirstFaceThatTurnsOutToBeEarlierIsSoInTheRow() throws SQLException {
        table.write(List.of(visit("a#0", 1, Change.APPEARED, ADA, NOW, 2)));
        Sighting earlier = visit("a#0", 2, Change.LEFT, ADA, NOW.minusSeconds(2), 9);
        table.write(List.of(new Sighting(
                1,
                earlier.sightingId(),
                2,
                Change.LEFT,
                earlier.source(),
                earlier.camera(),
                earlier.firstSeen(),
                earlier.lastSeen(),
                NOW,
                earlier.lastAppendedAt(),
                9,
                earlier.subject(),
                600L,
                earlier.best(),
                List.of(),
                null,
                End.ABSENCE)));

        assertThat(GALLERY.query("select stayed from facestream.sighting_log")).containsExactly("00:00:09");
    }

    @Test
    void aVisitOfADayThatIsToComeIsLeftOutAndTheOthersAreWritten() throws SQLException {
        SightingTable.Written written = table.write(List.of(
                visit("a#0", 1, Change.APPEARED, ADA, NOW, 2),
                visit("b#0", 1, Change.APPEARED, ADA, NOW.plus(Duration.ofDays(400)), 2),
                visit("c#0", 1, Change.APPEARED, ADA, Instant.parse("9999-12-30T00:00:00Z"), 2)));

        assertThat(written.visits()).isEqualTo(1);
        assertThat(written.refused())
                .extracting(refused -> refused.message().sightingId())
                .containsExactly("b#0", "c#0");
        assertThat(written.refused().get(0).why()).contains("check the clocks");
        assertThat(log()).containsExactly("a#0 person Ada Lovelace 2 true");
    }

    @Test
    void whatTheDatabaseWillNeverTakeIsLeftOutAndTheOthersAreWritten() throws SQLException {
        // random, so that PostgreSQL cannot compress it: no index takes such a key
        String endless = new Random(1)
                .ints(4_000, 'A', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();

        SightingTable.Written written = table.write(List.of(
                visit("a#0", 1, Change.APPEARED, ADA, NOW, 2),
                visit(endless, 1, Change.APPEARED, ADA, NOW, 2),
                visit("nul\u0000#0", 1, Change.APPEARED, ADA, NOW, 2),
                visit("z#0", 1, Change.APPEARED, ADA, NOW, 2)));

        assertThat(written.visits()).isEqualTo(2);
        assertThat(written.refused()).hasSize(2);
        assertThat(log()).extracting(row -> row.substring(0, 3)).containsExactly("a#0", "z#0");
    }

    @Test
    void anErasureDuringABatchWaitsForItAndTheVisitIsNobodysAfterwards() throws Exception {
        List<Sighting> messages = IntStream.range(0, 2_000)
                .mapToObj(i -> visit("a#" + i, 1, Change.APPEARED, ADA, NOW, 2))
                .toList();
        table.write(messages.subList(0, 1_000));
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try {
                for (int round = 0; round < 5; round++) {
                    int sequence = round + 2;
                    table.write(messages.stream()
                            .map(each -> visit(each.sightingId(), sequence, Change.UPDATED, ADA, NOW, 3))
                            .toList());
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });

        List<String> receipt = GALLERY.query("select * from facestream.erase_person('Ada Lovelace')");
        writing.get(60, TimeUnit.SECONDS);

        assertThat(receipt)
                .filteredOn(row -> row.startsWith("sighting "))
                .singleElement()
                .satisfies(row -> assertThat(row).endsWith(" 0"));
        assertThat(GALLERY.query("select count(*), count(identity_id) from facestream.sighting"))
                .containsExactly("2000 0");
    }

    @Test
    void whoReadsHoldsUpNeitherANewDayNorForLongWhatIsRemoved() throws Exception {
        Instant longAgo = NOW.minus(Duration.ofDays(20));
        table.write(List.of(
                visit("old#0", 1, Change.LEFT, ADA, longAgo, 2), visit("b#0", 1, Change.LEFT, null, longAgo, 2)));
        try (Connection reader = GALLERY.reader();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("select * from facestream.sighting_log");

            long begun = System.nanoTime();
            assertThat(expire(Duration.ofDays(7), Duration.ofDays(7))).isEqualTo(new Expiry.Expired(0, 1, 0));
            table.write(List.of(visit("a#0", 1, Change.APPEARED, ADA, NOW, 2)));

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
            reader.rollback();
        }
        assertThat(expire(Duration.ofDays(7), Duration.ofDays(7))).isEqualTo(new Expiry.Expired(1, 0, 0));
        assertThat(log()).containsExactly("a#0 person Ada Lovelace 2 true");
    }

    @Test
    void aDayIsMadeOnceThoughManyBeginIt() throws Exception {
        List<CompletableFuture<Void>> all = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    try {
                        new SightingTable(GALLERY.as("facestream_sightings"), Duration.ofDays(30), NO_SHOTS)
                                .write(List.of(visit(i + "#0", 1, Change.APPEARED, ADA, NOW, 2)));
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        for (CompletableFuture<Void> each : all) {
            each.get(30, TimeUnit.SECONDS);
        }

        assertThat(log()).hasSize(8);
    }

    @Test
    void aDayThatCannotBeIsRefusedAndTheRoleCannotDoMoreThanItsWork() throws SQLException {
        for (String refused : List.of(
                "select facestream.make_sighting_days(array[date '1999-01-01'])",
                "select facestream.make_sighting_days(array[current_date + 5])",
                "select facestream.expire_sightings(interval '0 s', interval '0 s')",
                "select facestream.expire_shots(interval '-1 s', interval '0 s')")) {
            assertThatThrownBy(() -> execute(refused))
                    .as(refused)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22023"));
        }
        for (String denied : List.of(
                "select name from facestream.identity",
                "select chip from facestream.face_sample",
                "select * from facestream.template",
                "delete from facestream.sighting",
                "select chip from facestream.sighting_shot",
                "select source from facestream.sighting_shot",
                "insert into facestream.sighting_shot values ('a', 'b', now(), 'c', null, now(), 'd')",
                "delete from facestream.sighting_shot",
                "select facestream.show_shot('a', 'b')",
                "delete from facestream.identity",
                "drop table facestream.sighting")) {
            assertThatThrownBy(() -> execute(denied))
                    .as(denied)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        }
    }

    private static void execute(String statement) throws SQLException {
        try (var connection = GALLERY.as("facestream_sightings").getConnection();
                var running = connection.createStatement()) {
            running.execute(statement);
        }
    }

    @Test
    void readersSeeTheLogAndNotTheTable() throws SQLException {
        table.write(List.of(visit("a#0", 1, Change.APPEARED, ADA, NOW, 2)));

        try (var connection = GALLERY.reader();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select name, stayed from facestream.sighting_log")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("Ada Lovelace");
            for (String denied : List.of(
                    "select * from facestream.sighting",
                    "select source from facestream.sighting_shot",
                    "select facestream.show_shot('/cameras/lobby', 'a#0')")) {
                assertThatThrownBy(() -> statement.execute(denied))
                        .as(denied)
                        .hasMessageContaining("permission denied");
            }
        }
    }

    @Test
    void theListShowsWhoWasThereAndCanBeNarrowed() throws SQLException {
        Instant nine = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofHours(15));
        table.write(List.of(
                visit("a#0", 1, Change.LEFT, ADA, nine, 90),
                visit("b#0", 1, Change.APPEARED, null, nine.plusSeconds(3600), 5)));

        assertThat(list().out().lines())
                .containsExactly(
                        nine.plusSeconds(3600).toString()
                                + "   0:00:05  lobby            unknown (nobody-near)  (there)",
                        nine + "   0:01:30  lobby            Ada Lovelace");
        assertThat(list("--person", "Ada Lovelace", "--json").out())
                .startsWith("{\"source\":\"/cameras/lobby\",\"sightingId\":\"a#0\","
                        + "\"camera\":\"lobby\",\"kind\":\"person\"");
        assertThat(list("--from", nine.plusSeconds(91).toString()).out().lines())
                .hasSize(1);
        assertThat(list("--to", nine.toString()).out()).isEqualTo("No visits.\n");
        assertThat(list("--from", "yesterday").exitCode()).isEqualTo(2);
        assertThat(list("--limit", "0").err()).startsWith("--limit is 1 to 100000, not 0");
    }

    private static CommandRun list(String... options) {
        List<String> arguments = new ArrayList<>(List.of("sightings", "list"));
        arguments.addAll(List.of(options));
        try (CommandRun.Properties properties = new CommandRun.Properties(GALLERY.asProperties())) {
            return CommandRun.of(arguments.toArray(new String[0]));
        }
    }
}
