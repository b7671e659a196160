package io.facestream.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.facestream.messaging.Json;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.training.commands.CommandLog;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.FineTuneBuilder;
import io.facestream.training.commands.TrainingCommand;
import io.facestream.training.commands.TrainingProgress;
import io.facestream.training.commands.TrainingProgress.State;
import io.facestream.training.data.LabelledTopics;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** How each command of a batch is answered. Commands and the ends of topics are in memory. */
class CommandBatchAnswersTest {
    private final MemoryCommandLog log = new MemoryCommandLog();
    private final Topics topics = new Topics();
    private final CommandBatch batch = new CommandBatch(log, topics);

    @Test
    void theSameIdTwiceInABatchIsStoredOnceAndAnsweredTwice() throws Exception {
        UUID id = UUID.randomUUID();

        List<TrainingProgress> answers = answers(fineTune(id, "\"epochs\": 3"), fineTune(id, "\"epochs\": 9"));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.commandId()).isEqualTo(id.toString());
            assertThat(answer.state()).isEqualTo(State.QUEUED);
        });
        assertThat(log.stored).hasSize(1);
        assertThat(Json.read(log.stored.get(id), FineTune.class).epochs()).isEqualTo(3);
    }

    @Test
    void aCommandThatComesAgainAfterItsEndIsNotAnsweredForItsEndWas() throws Exception {
        UUID id = UUID.randomUUID();
        answers(fineTune(id, "\"epochs\": 3"));
        log.finish(id, TrainingProgress.of(new FineTuneBuilder(id).build(), State.DONE, "done"));

        assertThat(batch.process(List.of(record(0, fineTune(id, "\"epochs\": 3")))))
                .containsExactly(List.of());
    }

    @Test
    void eachCommandHasItsAnswerInItsPlaceAlsoBesideOnesThatAreWrong() throws Exception {
        UUID first = UUID.randomUUID();
        UUID last = UUID.randomUUID();

        List<TrainingProgress> answers = answers(
                fineTune(first, "\"epochs\": 3"),
                "no JSON",
                fineTune(UUID.randomUUID(), "\"topics\": [\"nowhere\"]"),
                "{\"command\": \"promote\", \"commandId\": \"" + last + "\", \"version\": \"x-2\"}");

        assertThat(answers)
                .extracting(TrainingProgress::state)
                .containsExactly(State.QUEUED, State.REJECTED, State.REJECTED, State.QUEUED);
        assertThat(answers.get(2).message()).isEqualTo("there is no topic nowhere");
        assertThat(log.stored).containsOnlyKeys(first, last);
    }

    @Test
    void aCancelInTheSameBatchFindsTheCommandBeforeIt() throws Exception {
        UUID training = UUID.randomUUID();

        List<TrainingProgress> answers = answers(fineTune(training, "\"epochs\": 3"), cancel(training));

        assertThat(answers).extracting(TrainingProgress::state).containsExactly(State.QUEUED, State.DONE);
        assertThat(answers.get(1).message()).isEqualTo(training + " ends");
    }

    @Test
    void aCancelBeforeItsCommandFailsForThereIsNothingToCancelYet() throws Exception {
        UUID training = UUID.randomUUID();

        List<TrainingProgress> answers = answers(cancel(training), fineTune(training, "\"epochs\": 3"));

        assertThat(answers).extracting(TrainingProgress::state).containsExactly(State.FAILED, State.QUEUED);
        assertThat(answers.get(0).message()).isEqualTo("no training " + training + " is queued or running");
    }

    /** Each would take ten seconds, and the group would lose its member. */
    @Test
    void aTopicThatDoesNotAnswerIsWaitedForOnceInABatch() throws Exception {
        topics.silent.add("far-away");
        String farAway = "\"topics\": [\"far-away\"]";

        List<TrainingProgress> answers = answers(
                fineTune(UUID.randomUUID(), farAway),
                fineTune(UUID.randomUUID(), farAway),
                fineTune(UUID.randomUUID(), "\"topics\": [\"labelled-faces\", \"far-away\"]"),
                fineTune(UUID.randomUUID(), "\"topics\": [\"labelled-faces\"]"));

        assertThat(answers)
                .extracting(TrainingProgress::state)
                .containsExactly(State.REJECTED, State.REJECTED, State.REJECTED, State.QUEUED);
        assertThat(answers.subList(0, 3))
                .allSatisfy(answer -> assertThat(answer.message()).startsWith("its topics cannot be read now: "));
        assertThat(topics.asked).containsExactly(List.of("far-away"), List.of("labelled-faces"));
    }

    @Test
    void theNextBatchAsksASilentTopicAgain() throws Exception {
        topics.silent.add("far-away");
        String command = fineTune(UUID.randomUUID(), "\"topics\": [\"far-away\"]");
        answers(command);
        topics.silent.clear();

        assertThat(answers(command)).extracting(TrainingProgress::state).containsExactly(State.QUEUED);
    }

    @Test
    void whatTheDatabaseCannotHoldIsRejectedAndAnOutageOfItIsNot() throws Exception {
        assertThat(answer(failingWith("22P05")).state()).isEqualTo(State.REJECTED);

        for (String outage : Arrays.asList("08006", "57P01", null)) {
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> answer(failingWith(outage)));
        }
    }

    @Test
    void aCommandOnWhichTheWorkFailsIsAnsweredUnderItsKey() throws Exception {
        UUID id = UUID.randomUUID();

        ProducerRecord<byte[], byte[]> answer = batch.answer(
                        new ConsumerRecord<>(
                                "training-commands", 0, 0, id.toString().getBytes(UTF_8), new byte[0]),
                        new RejectedException(RejectReason.PROCESSING_FAILED, "the work failed"))
                .get(0);

        assertThat(answer.topic()).isEqualTo("training-progress");
        assertThat(new String(answer.key(), UTF_8)).isEqualTo(id.toString());
        TrainingProgress progress = Json.read(answer.value(), TrainingProgress.class);
        assertThat(progress.state()).isEqualTo(State.REJECTED);
        assertThat(progress.message()).isEqualTo("the work failed");
    }

    private static CommandLog failingWith(String state) {
        return new CommandLog(null, "test", Duration.ofMinutes(1)) {
            @Override
            public boolean store(TrainingCommand command, byte[] json, Map<String, Map<Integer, Long>> ends)
                    throws SQLException {
                throw new SQLException("as the server says it", state);
            }
        };
    }

    private TrainingProgress answer(CommandLog failing) throws Exception {
        String command = fineTune(UUID.randomUUID(), "\"epochs\": 3");
        return read(new CommandBatch(failing, topics)
                .process(List.of(record(0, command)))
                .get(0));
    }

    private List<TrainingProgress> answers(String... commands) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String command : commands) {
            records.add(record(records.size(), command));
        }
        List<TrainingProgress> answers = new ArrayList<>();
        for (List<ProducerRecord<byte[], byte[]>> ofOne : batch.process(records)) {
            answers.add(read(ofOne));
        }
        return answers;
    }

    private static TrainingProgress read(List<ProducerRecord<byte[], byte[]>> ofOne) throws RejectedException {
        assertThat(ofOne).hasSize(1);
        return Json.read(ofOne.get(0).value(), TrainingProgress.class);
    }

    private static ConsumerRecord<byte[], byte[]> record(int offset, String command) {
        return new ConsumerRecord<>("training-commands", 0, offset, null, command.getBytes(UTF_8));
    }

    private static String fineTune(UUID id, String field) {
        return "{\"command\": \"fine-tune\", \"commandId\": \"" + id + "\", " + field + "}";
    }

    private static String cancel(UUID target) {
        return "{\"command\": \"cancel\", \"commandId\": \"" + UUID.randomUUID() + "\", \"target\": \"" + target
                + "\"}";
    }

    /** Every topic ends at 7 but {@code nowhere}, which does not exist. */
    private static final class Topics extends LabelledTopics {
        final List<String> silent = new ArrayList<>();
        final List<List<String>> asked = new ArrayList<>();

        Topics() {
            super(null);
        }

        @Override
        public Map<String, Map<Integer, Long>> ends(List<String> topics) {
            asked.add(topics);
            Map<String, Map<Integer, Long>> ends = new HashMap<>();
            for (String topic : topics) {
                if (silent.contains(topic)) {
                    throw new TimeoutException("as if its brokers were away");
                }
                if (topic.equals("nowhere")) {
                    throw new IllegalArgumentException("there is no topic " + topic);
                }
                ends.put(topic, Map.of(0, 7L));
            }
            return ends;
        }
    }
}
