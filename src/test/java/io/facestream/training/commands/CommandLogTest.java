package io.facestream.training.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.facestream.embedded.TestServices;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Json;
import io.facestream.models.ModelMetrics;
import io.facestream.training.commands.CommandLog.Claimed;
import io.facestream.training.commands.TrainingProgress.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class CommandLogTest {
    private static final List<String> FINE_TUNE = List.of(TrainingCommand.FINE_TUNE);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(1);

    private static PGSimpleDataSource database;

    /** With the rights of the role, and no others. */
    private static DataSource training;

    private final FineTune command = new FineTuneBuilder(UUID.randomUUID()).build();
    private final CommandLog first = new CommandLog(training, "first", LONG);
    private final CommandLog second = new CommandLog(training, "second", LONG);

    @BeforeAll
    static void connect() throws SQLException {
        TestServices.Postgres postgres =
                TestServices.postgresOf(CommandLogTest.class); // another test's workers would take the commands
        database = new PGSimpleDataSource();
        database.setUrl(postgres.jdbcUrl());
        database.setUser(postgres.userName());
        database.setPassword(postgres.password());
        GallerySchema.migrate(database);
        training = TestGallery.as(postgres, "facestream_training");
    }

    @BeforeEach
    void empty() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("delete from facestream.training_command");
        }
    }

    @Test
    void theSameIdTwiceIsOneCommand() throws Exception {
        assertThat(store(first, command)).isTrue();
        assertThat(store(second, command))
                .as("it waits, and may be answered again")
                .isTrue();

        Claimed claimed = first.claim(FINE_TUNE, false).orElseThrow();
        assertThat(claimed.command()).isEqualTo(command);
        assertThat(claimed.ends()).isEqualTo(Map.of("labelled-faces", Map.of(0, 5L, 1, 0L)));
        assertThat(claimed.attempt()).isEqualTo(1);
        assertThat(second.claim(FINE_TUNE, false)).isEmpty();
        assertThat(store(second, command)).as("it is under way").isFalse();
        assertThat(second.claim(FINE_TUNE, false)).isEmpty();
    }

    @Test
    void promotionsDoNotWaitForTrainings() throws Exception {
        TrainingCommand promote = new TrainingCommand.Promote(UUID.randomUUID(), "mobilefacenet-2");
        store(first, command);
        assertThat(first.claim(FINE_TUNE, false)).isPresent();
        store(first, promote);

        assertThat(first.claim(FINE_TUNE, false)).isEmpty();
        assertThat(first.claim(List.of(TrainingCommand.PROMOTE, TrainingCommand.ROLL_BACK), true))
                .hasValueSatisfying(claimed -> assertThat(claimed.command()).isEqualTo(promote));
    }

    @Test
    void aWorkerThatIsNotHeardOfLosesItsCommandAndCannotWriteAnyMore() throws Exception {
        CommandLog hasty = new CommandLog(training, "hasty", SHORT);
        store(hasty, command);
        assertThat(hasty.claim(FINE_TUNE, false)).isPresent();
        Thread.sleep(20);

        Claimed taken = second.claim(FINE_TUNE, false).orElseThrow();

        assertThat(taken.attempt()).isEqualTo(2);
        UUID id = command.commandId();
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> hasty.renew(id));
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(() -> hasty.checkpoints().write(id, epochs(1), new byte[] {1}));
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(() -> hasty.finish(id, TrainingProgress.of(command, State.DONE, "by the dead")));
        assertThat(second.renew(id)).isFalse();
        assertThat(second.checkpoints().latest(id)).isEmpty();
    }

    @Test
    void aWorkerThatStopsLeavesItsCommandToTheNext() throws Exception {
        store(first, command);
        assertThat(first.claim(FINE_TUNE, false)).isPresent();

        first.release(command.commandId());

        assertThat(second.claim(FINE_TUNE, false)).isPresent();
    }

    @Test
    void aCheckpointComesBackWholeAndTheLastTwoAreKept() throws Exception {
        store(first, command);
        assertThat(first.claim(FINE_TUNE, false)).isPresent();
        UUID id = command.commandId();
        byte[] large = new byte[(4 << 20) * 2 + 17];
        new Random(1).nextBytes(large);

        for (int epoch = 1; epoch <= 3; epoch++) {
            large[0] = (byte) epoch;
            first.checkpoints().write(id, epochs(epoch), large);
        }

        assertThat(first.checkpoints().latest(id).orElseThrow()).isEqualTo(large);
        assertThat(first.checkpoints().epochs(id)).isEqualTo(epochs(3));
        assertThat(count("select count(distinct epoch) from facestream.training_checkpoint where command_id = '" + id
                        + "'"))
                .isEqualTo(2);
        first.finish(id, TrainingProgress.of(command, State.DONE, "done"));
        assertThat(count("select count(*) from facestream.training_checkpoint where command_id = '" + id + "'"))
                .isZero();
    }

    @Test
    void aWaitingCommandIsCancelledAtOnceAndARunningOneIsAsked() throws Exception {
        store(first, command);
        TrainingProgress ended = TrainingProgress.of(command, State.CANCELLED, "cancelled before it began");

        assertThat(first.cancel(command.commandId(), ended)).isTrue();
        assertThat(first.claim(FINE_TUNE, false)).isEmpty();
        assertThat(first.cancel(command.commandId(), ended)).isTrue();

        FineTune other = new FineTuneBuilder(UUID.randomUUID()).build();
        store(first, other);
        assertThat(first.claim(FINE_TUNE, false)).isPresent();
        assertThat(first.cancel(other.commandId(), ended)).isTrue();
        assertThat(first.renew(other.commandId())).isTrue();
    }

    @Test
    void anEndIsToldUntilItHasBeen() throws Exception {
        store(first, command);
        assertThat(first.claim(FINE_TUNE, false)).isPresent();
        TrainingProgress end = TrainingProgress.of(command, State.FAILED, "no faces");

        first.finish(command.commandId(), end);

        CommandLog.Result told = second.unannounced().get(0);
        assertThat(told.command()).isEqualTo(command.commandId());
        assertThat(Json.read(told.progress(), TrainingProgress.class).message()).isEqualTo("no faces");
        second.announced(command.commandId());
        assertThat(first.unannounced()).isEmpty();
    }

    @Test
    void whoIsErasedAfterTheCommandIsFoundAmongThoseTrainedOn() throws Exception {
        store(first, command);
        first.trainedOn(command.commandId(), List.of("Ada", "Bob"));
        assertThat(first.erasedMeanwhile(command.commandId())).isZero();

        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select facestream.erase_person('Bob')");
        }

        assertThat(first.erasedMeanwhile(command.commandId())).isEqualTo(1);
    }

    @Test
    void whoIsErasedBetweenTheReadingOfPhotosAndTheNoteOfItIsFoundToo() throws Exception {
        store(first, command);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select facestream.erase_person('Zoe\u0308 B', unknown => true)");
        }

        first.trainedOn(command.commandId(), List.of("Ada", "Zo\u00eb B"));

        assertThat(first.erasedMeanwhile(command.commandId())).isEqualTo(1);
    }

    @Test
    void whoWasErasedBeforeTheCommandCameAndIsBackDoesNotCount() throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select facestream.erase_person('Ida', unknown => true)");
        }
        store(first, command);

        first.trainedOn(command.commandId(), List.of("Ida"));

        assertThat(first.erasedMeanwhile(command.commandId())).isZero();
    }

    @Test
    void releasesAreHandedOutInTheirOrder() throws Exception {
        List<String> kinds = List.of(TrainingCommand.PROMOTE, TrainingCommand.ROLL_BACK);
        TrainingCommand promote = new TrainingCommand.Promote(UUID.randomUUID(), "mobilefacenet-2");
        TrainingCommand rollBack = new TrainingCommand.RollBack(UUID.randomUUID());
        store(first, promote);
        store(first, rollBack);

        assertThat(first.claim(kinds, true))
                .hasValueSatisfying(claimed -> assertThat(claimed.command()).isEqualTo(promote));
        assertThat(second.claim(kinds, true)).isEmpty();
        first.finish(promote.commandId(), TrainingProgress.of(promote, State.DONE, "active"));
        assertThat(second.claim(kinds, true))
                .hasValueSatisfying(claimed -> assertThat(claimed.command()).isEqualTo(rollBack));
    }

    @Test
    void theVersionACommandIsAboutIsTheOneFoundFirst() throws Exception {
        store(first, command);
        assertThat(first.claim(FINE_TUNE, false)).isPresent();

        assertThat(first.version(command.commandId(), null)).isNull();
        assertThat(first.version(command.commandId(), "mobilefacenet-1")).isEqualTo("mobilefacenet-1");
        assertThat(first.version(command.commandId(), null)).isEqualTo("mobilefacenet-1");
        assertThat(first.version(command.commandId(), "mobilefacenet-2")).isEqualTo("mobilefacenet-1");
    }

    private static List<ModelMetrics.Epoch> epochs(int count) {
        ModelMetrics.Epoch[] epochs = new ModelMetrics.Epoch[count];
        Arrays.setAll(epochs, i -> new ModelMetrics.Epoch(i + 1, 0.5, 0.25, 0.75, 1.25, null, 10, null, null));
        return List.of(epochs);
    }

    private static boolean store(CommandLog log, TrainingCommand command) throws SQLException {
        return log.store(command, Json.write(command), Map.of("labelled-faces", Map.of(0, 5L, 1, 0L)));
    }

    private static long count(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
