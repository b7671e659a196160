package io.facestream.sightings.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.cli.CommandRun;
import io.facestream.faces.Box;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.gallery.TestGallery;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.RecordPointer;
import io.facestream.sightings.message.BestShot;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.Change;
import io.facestream.sightings.message.Sighting.End;
import io.facestream.sightings.message.Sighting.UnnamedReason;
import io.facestream.sightings.message.Subject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rows, as the role's own login writes them and as readers see them. */
class SightingTableTest {
    private static final TestGallery GALLERY = TestGallery.of(SightingTableTest.class);
    private static final UUID ADA = new UUID(0, 0xada);
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private static final RecordPointer POINTER = new RecordPointer("detected-faces", 0, 7);

    private SightingTable table;

    @BeforeEach
    void begin() throws SQLException {
        GALLERY.renew();
        GALLERY.execute(
                "insert into facestream.identity (id, kind, name) values ('" + ADA + "', 'person', 'Ada Lovelace')");
        table = new SightingTable(GALLERY.as("facestream_sightings"), Duration.ofDays(30));
    }

    private static Sighting visit(String id, int sequence, Change change, UUID identity, Instant first, long frames) {
        boolean unknown = identity == null;
        return new Sighting(
                1,
                id,
                sequence,
                change,
                "/cameras/lobby",
                "lobby",
                first,
                first.plusSeconds(frames),
                first,
                first.plusSeconds(frames),
                frames,
                unknown
                        ? new Subject(Subject.Kind.UNKNOWN, null, null, null, null)
                        : new Subject(Subject.Kind.PERSON, identity, "a name as it was", 0.9, null),
                unknown ? null : 600L,
                new BestShot(
                        id,
                        first,
                        new Quality(80, 300, 120, new Pose(0, 0, 0), 60f),
                        new Box(1, 1, 80, 80),
                        new IdentityEvent.Pointers(POINTER, POINTER, POINTER)),
                List.of(),
                unknown ? UnnamedReason.NOBODY_NEAR : null,
                change == Change.LEFT ? End.ABSENCE : null);
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
        assertThat(table.write(List.of())).isZero();
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

        SightingTable shorter = new SightingTable(GALLERY.as("facestream_sightings"), Duration.ofDays(7));
        assertThat(shorter.expire(Duration.ofDays(7))).isEqualTo(new SightingTable.Expired(1, 0));
        assertThat(log()).containsExactly("new#0 person Ada Lovelace 2 true");

        // the table did not notice that the day is gone
        assertThat(table.expire(Duration.ofDays(7))).isEqualTo(new SightingTable.Expired(0, 0));
        table.write(List.of(visit("old#0", 1, Change.LEFT, ADA, longAgo, 2)));
        assertThat(log()).hasSize(2);
    }

    @Test
    void visitsOfNobodyKnownGoEarlier() throws SQLException {
        Instant yesterday = NOW.minus(Duration.ofDays(1));
        table.write(List.of(
                visit("a#0", 1, Change.LEFT, ADA, yesterday, 2),
                visit("b#0", 1, Change.LEFT, null, yesterday, 2),
                visit("c#0", 1, Change.LEFT, null, NOW, 2)));

        assertThat(table.expire(Duration.ofHours(12))).isEqualTo(new SightingTable.Expired(0, 1));

        assertThat(log()).containsExactly("a#0 person Ada Lovelace 2 false", "c#0 unknown - 2 false");
    }

    @Test
    void aDayThatCannotBeIsRefusedAndTheRoleCannotDoMoreThanItsWork() throws SQLException {
        for (String refused : List.of(
                "select facestream.make_sighting_days(array[date '1999-01-01'])",
                "select facestream.make_sighting_days(array[current_date + 5])",
                "select facestream.expire_sightings(interval '0 s', interval '0 s')")) {
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
            assertThatThrownBy(() -> statement.execute("select * from facestream.sighting"))
                    .hasMessageContaining("permission denied");
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
