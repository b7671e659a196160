package io.facestream.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.gallery.ModelReleases;
import io.facestream.gallery.ReembeddingProgress;
import io.facestream.messaging.Json;
import io.facestream.models.ModelMetrics.Comparison;
import io.facestream.models.ModelVersion;
import io.facestream.models.TestVersions;
import io.facestream.networks.ComputeDevice;
import io.facestream.training.commands.CommandLog.Claimed;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.FineTuneBuilder;
import io.facestream.training.commands.TrainingCommand;
import io.facestream.training.commands.TrainingCommand.Promote;
import io.facestream.training.commands.TrainingCommand.RollBack;
import io.facestream.training.commands.TrainingProgress;
import io.facestream.training.commands.TrainingProgress.Outcome;
import io.facestream.training.commands.TrainingProgress.State;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worker alone: commands, trainings, versions and the topic are in memory. */
class TrainingWorkerTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<String> history = Collections.synchronizedList(new ArrayList<>());
    private final MemoryCommandLog log = new MemoryCommandLog(history);
    private final ToldProgress told = new ToldProgress(history);
    private final Tuning tuning = new Tuning();
    private final Versions versions = new Versions();
    private final TrainingWorker worker = new TrainingWorker(log, tuning, versions, told, new Config());

    @AfterEach
    void stop() {
        worker.close();
    }

    @Test
    void anEndIsStoredBeforeItIsPublishedAndNotedAsPublishedAfterwards() {
        FineTune command = training(1);

        worker.start();

        until(() -> history.contains("announced"));
        assertThat(history).containsExactly("finished done", "published", "announced");
        assertThat(told.ends()).singleElement().satisfies(end -> {
            assertThat(end.commandId()).isEqualTo(command.commandId().toString());
            assertThat(end.state()).isEqualTo(State.DONE);
        });
    }

    @Test
    void aWorkerThatLosesItsLeaseStopsAndPublishesNothingMoreOfTheCommand() throws Exception {
        tuning.work = Tuning::untilChecked;
        FineTune command = training(1);
        worker.start();
        tuning.begun.await();

        log.loseLease(command.commandId());

        // the thread is free again, and does another command
        until(() -> tuning.over == 1);
        int news = told.news().size();
        tuning.work = Tuning::done;
        FineTune next = training(1);
        until(() -> told.ends().size() == 1);
        assertThat(told.ends().get(0).commandId()).isEqualTo(next.commandId().toString());
        assertThat(told.news()).hasSize(news);
        assertThat(log.end(command.commandId())).isEmpty();
        assertThat(history).doesNotContain("released");
        assertThat(tuning.discarded).isEmpty();
    }

    @Test
    void aCancelDuringATrainingEndsItAndThrowsAwayWhatWasMade() throws Exception {
        tuning.work = Tuning::untilChecked;
        FineTune command = training(1);
        worker.start();
        tuning.begun.await();

        log.requestCancel();

        TrainingProgress end = endOf(command);
        assertThat(end.state()).isEqualTo(State.CANCELLED);
        assertThat(end.message()).isEqualTo("cancelled; the active model is as it was");
        assertThat(tuning.discarded).containsExactly(command.commandId());
    }

    @Test
    void aWorkerThatStopsLetsItsCommandGoWithoutAnEnd() throws Exception {
        tuning.work = Tuning::untilChecked;
        FineTune command = training(1);
        worker.start();
        tuning.begun.await();

        worker.close();

        assertThat(history).containsExactly("released");
        assertThat(log.end(command.commandId())).isEmpty();
        assertThat(tuning.discarded).isEmpty();
    }

    @Test
    void theSixthWorkerGivesACommandUpWithoutBeginningIt() {
        FineTune command = training(6);

        worker.start();

        TrainingProgress end = endOf(command);
        assertThat(end.state()).isEqualTo(State.FAILED);
        assertThat(end.message()).startsWith("given up: 5 workers began it");
        assertThat(tuning.attempts).isEmpty();
    }

    @Test
    void theFifthWorkerStillTriesIt() {
        FineTune command = training(5);

        worker.start();

        assertThat(endOf(command).state()).isEqualTo(State.DONE);
        assertThat(tuning.attempts).containsExactly(5);
    }

    static Stream<Exception> whatCanBeMended() {
        return Stream.of(
                new IllegalArgumentException("there is no model version x-1"),
                new IllegalStateException("x-1 was retired meanwhile"),
                new IOException("chip 7 could not be written"));
    }

    @ParameterizedTest
    @MethodSource("whatCanBeMended")
    void whatAPersonCanMendFailsTheCommandInItsOwnWords(Exception failure) {
        tuning.work = (running, control) -> {
            throw failure;
        };
        FineTune command = training(1);

        worker.start();

        TrainingProgress end = endOf(command);
        assertThat(end.state()).isEqualTo(State.FAILED);
        assertThat(end.message()).isEqualTo(failure.getMessage());
    }

    @Test
    void anUnexpectedFailureEndsTheCommandAndTheNextOneIsWorkedOn() {
        tuning.work = (running, control) -> {
            throw new ArrayIndexOutOfBoundsException("7");
        };
        FineTune broken = training(1);
        worker.start();
        assertThat(endOf(broken).state()).isEqualTo(State.FAILED);
        assertThat(endOf(broken).message()).contains("ArrayIndexOutOfBounds").contains("7");

        tuning.work = Tuning::done;

        assertThat(endOf(training(1)).state()).isEqualTo(State.DONE);
    }

    static Stream<Exception> outages() {
        return Stream.of(new SQLException("the connection was lost", "08006"), new KafkaException("no broker"));
    }

    /** Its lease runs out, and whoever is there claims it again. */
    @ParameterizedTest
    @MethodSource("outages")
    void anOutageLeavesTheCommandToBeClaimedAgain(Exception outage) {
        tuning.work = (running, control) -> {
            throw outage;
        };
        FineTune command = training(1);
        worker.start();
        until(() -> tuning.over == 1);
        assertThat(history).isEmpty();

        tuning.work = Tuning::done;
        log.add(command, 2);

        assertThat(endOf(command).state()).isEqualTo(State.DONE);
        assertThat(tuning.attempts).containsExactly(1, 2);
    }

    @Test
    void aLeaseThatCannotBeRenewedForAWhileIsNotTakenForLost() throws Exception {
        tuning.work = Tuning::untilChecked;
        log.failRenewals(3);
        FineTune command = training(1);
        worker.start();
        tuning.begun.await();
        until(() -> log.renewals() > 4);
        assertThat(tuning.over).isZero();

        log.requestCancel();

        assertThat(endOf(command).state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void anEndThatTheBrokerDoesNotTakeIsPublishedUntilItDoes() {
        told.beAway(3);
        FineTune command = training(1);

        worker.start();

        until(() -> history.contains("announced"));
        assertThat(history).containsExactly("finished done", "published", "announced");
        assertThat(told.ends()).hasSize(1);
        assertThat(log.end(command.commandId())).isPresent();
    }

    @Test
    void anEndThatTheBrokerRefusesIsPublishedWithoutWhatMakesItLong() {
        UUID id = UUID.randomUUID();
        Comparison comparison = new Comparison("clean", 0.01, 0.9, 0.95, 0.01, 0.09, List.of(), List.of());
        log.addEnd(
                id,
                Json.write(TrainingProgress.of(new FineTuneBuilder(id).build(), State.DONE, "x-2 is the active version")
                        .with(Outcome.PROMOTED, "x-2", List.of(comparison))));
        told.refuse(1);

        worker.start();

        until(() -> history.contains("announced"));
        assertThat(told.ends()).singleElement().satisfies(end -> {
            assertThat(end.outcome()).isEqualTo(Outcome.PROMOTED);
            assertThat(end.message()).isEqualTo("x-2 is the active version");
            assertThat(end.comparisons()).isNull();
        });
    }

    @Test
    void anEndOfAnotherBuildThatIsRefusedAndUnreadableIsPublishedAsSuch() {
        UUID id = UUID.randomUUID();
        log.addEnd(id, "{\"state\": \"of another build\"}".getBytes(UTF_8));
        told.refuse(1);

        worker.start();

        until(() -> history.contains("announced"));
        assertThat(told.ends()).singleElement().satisfies(end -> {
            assertThat(end.commandId()).isEqualTo(id.toString());
            assertThat(end.state()).isEqualTo(State.FAILED);
            assertThat(end.message()).isEqualTo("its end cannot be read");
        });
    }

    @Test
    void anEndThatIsRefusedEvenShorterStandsBeforeNoOther() {
        told.refuse(2);
        UUID refused = UUID.randomUUID();
        UUID next = UUID.randomUUID();
        for (UUID id : List.of(refused, next)) {
            log.addEnd(id, Json.write(TrainingProgress.of(new FineTuneBuilder(id).build(), State.DONE, null)));
        }

        worker.start();

        until(() -> log.unannounced().isEmpty());
        assertThat(told.ends()).singleElement().satisfies(end -> assertThat(end.commandId())
                .isEqualTo(next.toString()));
    }

    @Test
    void aPromotionDoesNotWaitForATraining() throws Exception {
        tuning.work = Tuning::untilChecked;
        training(1);
        worker.start();
        tuning.begun.await();

        Promote promote = new Promote(UUID.randomUUID(), "x-2");
        log.add(promote, 1);

        TrainingProgress end = endOf(promote);
        assertThat(end.state()).isEqualTo(State.DONE);
        assertThat(end.message()).isEqualTo("x-2 is the active version");
        assertThat(end.version()).isEqualTo("x-2");
        assertThat(tuning.over).isZero();
    }

    @Test
    void howFarAPromotionIsIsPublishedMeanwhile() {
        Promote promote = new Promote(UUID.randomUUID(), "x-2");
        log.add(promote, 1);

        worker.start();

        endOf(promote);
        assertThat(told.news())
                .extracting(TrainingProgress::message)
                .containsExactly("3 of 7 photos of the gallery embedded");
    }

    /** Done, crashed and claimed again: by then the registry would name the version before that. */
    @Test
    void aRollBackThatComesAgainLeadsWhereItLedTheFirstTime() {
        RollBack rollBack = new RollBack(UUID.randomUUID());
        log.note("x-1");
        log.add(rollBack, 2);

        worker.start();

        assertThat(endOf(rollBack).version()).isEqualTo("x-1");
    }

    @Test
    void aRollBackLeadsToThePredecessorWhichIsNoted() {
        RollBack rollBack = new RollBack(UUID.randomUUID());
        log.add(rollBack, 1);

        worker.start();

        assertThat(endOf(rollBack).version()).isEqualTo("x-0");
        assertThat(log.version(rollBack.commandId(), null)).isEqualTo("x-0");
    }

    private FineTune training(int attempt) {
        FineTune command = new FineTuneBuilder(UUID.randomUUID()).build();
        log.add(command, attempt);
        return command;
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(2)).until(condition);
    }

    private TrainingProgress endOf(TrainingCommand command) {
        until(() -> log.end(command.commandId()).isPresent());
        return log.end(command.commandId()).orElseThrow();
    }

    /** A training that does as a test says. */
    private static final class Tuning extends FineTuning {
        private interface Work {
            TrainingProgress run(Claimed claimed, Control control) throws Exception;
        }

        final CountDownLatch begun = new CountDownLatch(1);
        final List<Integer> attempts = new CopyOnWriteArrayList<>();
        final List<UUID> discarded = new CopyOnWriteArrayList<>();
        volatile Work work = Tuning::done;
        volatile int over;

        Tuning() {
            super(null, null, null, null, null, null, null);
        }

        static TrainingProgress done(Claimed claimed, Control control) {
            return TrainingProgress.of(claimed.command(), State.DONE, "done");
        }

        /** As an epoch whose steps look around. */
        static TrainingProgress untilChecked(Claimed claimed, Control control) throws InterruptedException {
            while (true) {
                control.publish(TrainingProgress.of(claimed.command(), State.RUNNING, null));
                control.check();
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }

        @Override
        TrainingProgress run(Claimed claimed, Control control) throws IOException, SQLException {
            attempts.add(claimed.attempt());
            begun.countDown();
            try {
                return work.run(claimed, control);
            } catch (IOException | SQLException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            } finally {
                over++;
            }
        }

        @Override
        void discard(TrainingCommand command) {
            discarded.add(command.commandId());
        }
    }

    /** The switch from one version to another, of which the gallery lacks some. */
    private static final class Versions extends ModelReleases {
        final List<String> promoted = new CopyOnWriteArrayList<>();

        Versions() {
            super(null, ComputeDevice.CPU, null);
        }

        @Override
        public ModelVersion promote(String version, ReembeddingProgress progress) {
            progress.embedded(3, 7);
            promoted.add(version);
            return TestVersions.version(version, ModelVersion.Status.ACTIVE);
        }

        @Override
        public String predecessor() {
            return "x-0";
        }

        @Override
        public ModelVersion rollBackTo(String predecessor, ReembeddingProgress progress) {
            return promote(predecessor, progress);
        }
    }

    /** Looks around often, so that no test waits. */
    private record Config() implements TrainingConfig {
        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public int loops() {
            return 1;
        }

        @Override
        public int maxPollRecords() {
            return 16;
        }

        @Override
        public Duration interval() {
            return Duration.ofMillis(5);
        }

        @Override
        public Duration lease() {
            return Duration.ofMillis(15);
        }

        @Override
        public OptionalInt threads() {
            return OptionalInt.of(1);
        }

        @Override
        public Optional<Path> scratch() {
            return Optional.empty();
        }

        @Override
        public int maxPhotos() {
            return 100;
        }
    }
}
