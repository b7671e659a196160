package io.facestream.curation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.curation.CommandStore.LeaseLostException;
import io.facestream.curation.message.GalleryCommand.Create;
import io.facestream.curation.message.GalleryCommand.Erase;
import io.facestream.curation.message.GalleryCommand.Rename;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.State;
import io.facestream.database.Sql;
import io.facestream.gallery.TestGallery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Each command is done once, in order, and answered, whoever dies meanwhile. */
class CurationWorkerTest {
    private static final TestGallery DATABASE = TestGallery.of(CurationWorkerTest.class);

    private CuratedGallery gallery;

    @BeforeEach
    void fill() throws Exception {
        gallery = new CuratedGallery(DATABASE);
    }

    private CommandStore other(Duration lease) throws Exception {
        return new CommandStore(DATABASE.as("facestream_curation"), "other", lease);
    }

    @Test
    void aCommandThatIsSentAgainIsDoneOnceAndAnsweredAgain() throws Exception {
        Create ada = new Create(UUID.randomUUID(), "Ada", null);
        GalleryEvent first = gallery.ask(ada);
        gallery.worker().announce();

        assertThat(gallery.ask(ada)).isEqualTo(first);
        gallery.worker().announce();

        assertThat(first.state()).isEqualTo(State.DONE);
        assertThat(gallery.people()).containsExactly("Ada 0");
        assertThat(gallery.published()).containsExactly(ada.commandId(), ada.commandId());
    }

    @Test
    void nothingIsKeptOfWhatACommandSaysOnceItHasEnded() throws Exception {
        gallery.ask(new Create(UUID.randomUUID(), "Ada", null));
        gallery.ask(new Rename(UUID.randomUUID(), "Nobody", "Eve"));

        assertThat(DATABASE.query("select state, command is null, requested_by, answer::text ~ 'Ada|Nobody|Eve'"
                        + " from facestream.gallery_command order by place"))
                .containsExactly("done t a test f", "rejected t a test f");
    }

    @Test
    void commandsAreDoneInTheirOrderByOneWorkerAtATime() throws Exception {
        gallery.store().store(new Create(UUID.randomUUID(), "Ada", null), null);
        gallery.store().store(new Rename(UUID.randomUUID(), "Ada", "Eve"), null);
        assertThat(gallery.store().claim()).isPresent();

        assertThat(other(Duration.ofSeconds(30)).claim()).isEmpty();
    }

    @Test
    void whatADeadWorkerLeftIsDoneByAnother() throws Exception {
        gallery.store().store(new Create(UUID.randomUUID(), "Ada", null), null);
        assertThat(other(Duration.ofMillis(1)).claim()).isPresent();
        Thread.sleep(20);

        assertThat(gallery.worker().work()).isTrue();

        assertThat(gallery.people()).containsExactly("Ada 0");
    }

    @Test
    void aWorkerWhoseLeaseIsAnothersLeavesNoEffect() throws Exception {
        Create ada = new Create(UUID.randomUUID(), "Ada", null);
        gallery.store().store(ada, null);
        CommandStore slow = other(Duration.ofMillis(1));
        slow.claim();
        Thread.sleep(20);
        gallery.store().claim();

        assertThatThrownBy(() -> Sql.inTransaction(DATABASE.as("facestream_curation"), sql -> {
                    slow.end(sql, ada.commandId(), new GalleryChanges(sql, List.of(), Optional.empty()).make(ada));
                    return null;
                }))
                .isInstanceOf(LeaseLostException.class);

        assertThat(gallery.people()).isEmpty();
    }

    @Test
    void aCommandThatEndedFiveWorkersIsGivenUp() throws Exception {
        Create ada = new Create(UUID.randomUUID(), "Ada", null);
        gallery.store().store(ada, null);
        CommandStore dying = other(Duration.ofMillis(1));
        for (int i = 0; i < 5; i++) {
            assertThat(dying.claim()).isPresent();
            Thread.sleep(20);
        }

        gallery.worker().work();

        assertThat(gallery.answer(ada.commandId()).state()).isEqualTo(State.FAILED);
        assertThat(gallery.people()).isEmpty();
    }

    @Test
    void aFaultOfTheDatabaseIsTriedAgainAndThenGivenUp() throws Exception {
        DATABASE.execute("revoke execute on function facestream.create_person(text) from facestream_curation");
        Create ada = new Create(UUID.randomUUID(), "Ada", null);
        gallery.store().store(ada, null);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> gallery.worker().work()).hasMessageContaining("permission denied");
        }

        gallery.worker().work();

        assertThat(gallery.answer(ada.commandId()).message()).startsWith("given up after 5 attempts");
    }

    @Test
    void aCommandOfAnotherBuildFailsAndHoldsNobodyUp() throws Exception {
        UUID unknown = UUID.randomUUID();
        DATABASE.execute("insert into facestream.gallery_command (id, kind, command) values ('" + unknown
                + "', 'teleport', '{\"command\": \"teleport\", \"commandId\": \"" + unknown + "\"}')");

        gallery.ask(new Create(UUID.randomUUID(), "Ada", null));

        assertThat(gallery.answer(unknown).state()).isEqualTo(State.FAILED);
        assertThat(gallery.people()).containsExactly("Ada 0");
    }

    @Test
    void anAnswerThatTheBrokerDidNotTakeIsPublishedLater() throws Exception {
        gallery.ask(new Create(UUID.randomUUID(), "Ada", null));
        CurationWorker unheard = new CurationWorker(
                DATABASE.dataSource(),
                gallery.store(),
                gallery.faces(),
                (command, answer) -> {
                    throw new KafkaException("away");
                },
                gallery.verification(),
                CuratedGallery.CONFIG,
                Duration.ofDays(90),
                CuratedGallery.METRICS,
                new StrangerKeeping(null, CuratedGallery.STRANGERS));
        assertThatThrownBy(unheard::announce).hasMessage("away");
        DATABASE.execute("update facestream.gallery_command set updated_at = now() - interval '1 minute'");
        assertThat(gallery.store().oldest()).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(90));

        gallery.worker().announce();
        gallery.worker().announce();

        assertThat(gallery.published()).hasSize(1);
        assertThat(gallery.store().oldest()).isEqualTo(Duration.ZERO);
    }

    @Test
    void aCommandMayTakeLongerThanOtherStatements() throws Exception {
        PGSimpleDataSource impatient = (PGSimpleDataSource) DATABASE.as("facestream_curation");
        impatient.setSocketTimeout(1);
        CurationWorker worker = new CurationWorker(
                impatient,
                gallery.store(),
                gallery.faces(),
                (command, answer) -> {},
                gallery.verification(),
                CuratedGallery.CONFIG,
                Duration.ofDays(90),
                CuratedGallery.METRICS,
                new StrangerKeeping(null, CuratedGallery.STRANGERS));
        DATABASE.execute(
                """
                create function facestream.take_time() returns trigger language plpgsql as $$
                begin perform pg_sleep(3); return new; end $$;
                create trigger take_time before insert on facestream.identity for each row
                    execute function facestream.take_time()""");
        Create ada = new Create(UUID.randomUUID(), "Ada", null);
        gallery.store().store(ada, null);

        worker.work();

        assertThat(gallery.answer(ada.commandId()).state()).isEqualTo(State.DONE);
    }

    @Test
    void anErasuresAnswerSaysWhatTopicsHeldWhenItWasFirstPublished() throws Exception {
        gallery.ask(new Create(UUID.randomUUID(), "Ada", null));
        Erase erase = new Erase(UUID.randomUUID(), "Ada", null, null);
        assertThat(gallery.ask(erase).topics()).isNull();
        Instant gone = Instant.parse("2026-12-01T00:00:00Z");
        HeldTopic first = new HeldTopic("labelled-faces", "a", List.of(3L, 0L), gone, gone, null, null);
        gallery.topics(List.of(first));
        gallery.worker().announce();
        gallery.topics(List.of(new HeldTopic("labelled-faces", "b", List.of(9L, 9L), gone, null, null, null)));

        gallery.ask(erase);
        gallery.worker().announce();

        assertThat(gallery.answer(erase.commandId()).topics()).containsExactly(first.left());
        assertThat(gallery.answer(erase.commandId()).erased()).isNotEmpty();
    }

    @Test
    void aDryRunsAnswerHasNoReceiptAndNoTopics() throws Exception {
        gallery.ask(new Create(UUID.randomUUID(), "Ada", null));
        gallery.topics(List.of(HeldTopic.unknown("labelled-faces")));
        Erase erase = new Erase(UUID.randomUUID(), "Ada", null, true);
        gallery.ask(erase);
        gallery.worker().announce();

        assertThat(gallery.answer(erase.commandId()).receipt()).isNull();
        assertThat(gallery.answer(erase.commandId()).topics()).isNull();
    }

    @Test
    void commandsAreForgottenOnceTheyAreOld() throws Exception {
        gallery.ask(new Create(UUID.randomUUID(), "Ada", null));
        gallery.worker().announce();
        gallery.ask(new Create(UUID.randomUUID(), "Eve", null));
        DATABASE.execute("update facestream.gallery_command set updated_at = now() - interval '8 days'");

        assertThat(gallery.store().expire(Duration.ofDays(7)))
                .as("the one that was announced")
                .isEqualTo(1);
        assertThat(List.of(gallery.people().size())).containsExactly(2);
    }
}
