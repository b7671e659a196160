package io.facestream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.training.Control.CancelledException;
import io.facestream.training.Control.StoppingException;
import io.facestream.training.commands.CommandLog.LeaseLostException;
import io.facestream.training.commands.TrainingProgress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On a topic that answers as the test says. */
@Timeout(30)
class ControlTest {
    private static final UUID COMMAND = UUID.randomUUID();
    private static final TrainingProgress NEWS = TrainingProgress.unreadable(COMMAND, "fine-tune", "an epoch");

    private final List<TrainingProgress> sent = new CopyOnWriteArrayList<>();
    private final Deque<CompletionStage<Void>> answers = new ArrayDeque<>();
    private final Control control = new Control(COMMAND, news -> {
        sent.add(news);
        return answers.isEmpty() ? new CompletableFuture<>() : answers.remove();
    });

    private static CompletableFuture<Void> taken() {
        return CompletableFuture.completedFuture(null);
    }

    private static CompletableFuture<Void> away() {
        return CompletableFuture.failedFuture(new TimeoutException("the broker is away"));
    }

    @Test
    void whatMustBeToldIsToldUntilTheBrokerHasIt() {
        answers.addAll(List.of(away(), away(), taken()));

        control.tellSurely(NEWS);

        assertThat(sent).containsExactly(NEWS, NEWS, NEWS);
    }

    @Test
    void whatTheBrokerRefusesForWhatItIsIsNotTriedAgain() {
        answers.add(CompletableFuture.failedFuture(new RecordTooLargeException("too large")));
        answers.add(CompletableFuture.failedFuture(
                new IllegalStateException("retries exhausted", new InvalidRecordException("not valid"))));

        control.tellSurely(NEWS);
        control.tellSurely(NEWS);

        assertThat(sent).hasSize(2);
    }

    @Test
    void whatMustBeToldWaitsForTheChannelToTakeIt() {
        Deque<IllegalStateException> full = new ArrayDeque<>(List.of(new IllegalStateException("full")));
        Control held = new Control(COMMAND, news -> {
            if (!full.isEmpty()) {
                throw full.remove();
            }
            sent.add(news);
            return taken();
        });

        held.tellSurely(NEWS);

        assertThat(sent).containsExactly(NEWS);
    }

    @Test
    void newsAreToldOnceWhateverComesOfThem() {
        answers.addAll(List.of(away(), taken()));

        control.tell(NEWS);
        control.tell(NEWS);

        assertThat(sent).hasSize(2);
    }

    @Test
    void anEndWaitsForTheNewsBeforeItButNotForEver() throws Exception {
        CompletableFuture<Void> onItsWay = new CompletableFuture<>();
        answers.add(onItsWay);
        control.tell(NEWS);
        Thread end = new Thread(() -> control.awaitTold(Duration.ofSeconds(20)));
        end.start();

        await().until(() -> end.getState() == Thread.State.TIMED_WAITING);
        onItsWay.complete(null);
        end.join();

        control.tell(NEWS); // which is never answered
        control.awaitTold(Duration.ofMillis(1));
        assertThat(sent).hasSize(2);
    }

    private record Word(Consumer<Control> said, Class<? extends Exception> heard) {}

    static List<Word> words() {
        return List.of(
                new Word(Control::stop, StoppingException.class),
                new Word(Control::cancel, CancelledException.class),
                new Word(Control::lose, LeaseLostException.class));
    }

    @ParameterizedTest
    @MethodSource("words")
    void whoWaitsForTheBrokerHearsWhatIsSaidMeanwhile(Word word) throws Exception {
        CompletableFuture<Throwable> heard = new CompletableFuture<>();
        Thread worker = new Thread(() -> {
            try {
                control.tellSurely(NEWS);
                heard.complete(null);
            } catch (RuntimeException e) {
                heard.complete(e);
            }
        });
        worker.start();
        await().until(() -> !sent.isEmpty());

        word.said().accept(control);

        assertThat(heard.get()).isInstanceOf(word.heard());
    }
}
