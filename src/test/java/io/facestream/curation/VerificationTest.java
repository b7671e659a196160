package io.facestream.curation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.facestream.curation.message.GalleryCommand.Erase;
import io.facestream.curation.message.GalleryCommand.Rename;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.Receipt;
import io.facestream.curation.message.GalleryEvent.State;
import io.facestream.curation.message.GalleryEvent.TrainedVersion;
import io.facestream.database.Sql;
import io.facestream.gallery.TestGallery;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An erasure is verified once rows, dead rows and topics are without the person, and not before. */
class VerificationTest {
    private static final TestGallery DATABASE = TestGallery.of(VerificationTest.class);

    private CuratedGallery gallery;

    @BeforeEach
    void fill() throws Exception {
        gallery = new CuratedGallery(DATABASE);
        gallery.person("Ada", 2, 1);
        gallery.ask(new Rename(UUID.randomUUID(), "Ada", "Ada Lovelace"));
    }

    private GalleryEvent erase() throws Exception {
        gallery.topics(
                List.of(new HeldTopic("labelled-faces", "a", List.of(3L), Instant.EPOCH, Instant.EPOCH, null, null)));
        GalleryEvent erased = gallery.ask(new Erase(UUID.randomUUID(), "Ada Lovelace", null, null));
        gallery.worker().announce();
        return erased;
    }

    /** As if it were so long ago that the statistics have counted it. */
    private static void letAMinutePass() throws SQLException {
        DATABASE.execute("update facestream.erasure_receipt set erased_at = erased_at - interval '1 minute'");
    }

    private static String waitingFor() throws SQLException {
        return DATABASE.query("select waiting_for from facestream.erasures").get(0);
    }

    /** Of all tables: while the server is young, those without dead rows wait for one, too. */
    private void vacuum() throws Exception {
        DATABASE.execute("vacuum (analyze)");
    }

    @Test
    void theReceiptNamesTheQueryThatCountsAndThatFindsNothing() throws Exception {
        GalleryEvent erased = erase();

        assertThat(erased.receipt().verifiedAt()).isNull();
        assertThat(DATABASE.query(erased.receipt().countedBy()))
                .contains("identity 0", "face_sample 0", "template 0", "gallery_undo 0")
                .allMatch(line -> line.endsWith(" 0"));
    }

    @Test
    void theQueryCountsWhateverIsLeftUnderAFormerName() throws Exception {
        GalleryEvent erased = erase();
        DATABASE.execute("insert into facestream.identity (kind, name, created_at)"
                + " values ('person', 'Ada', now() - interval '1 day'), ('person', 'Ada Lovelace', now())");

        assertThat(DATABASE.query(erased.receipt().countedBy()))
                .as("not her who was enrolled later")
                .contains("identity 1");
    }

    @Test
    void theReceiptNamesTheVersionsThatWereTrainedOnThePersonAndWhatComesFromThem() throws Exception {
        DATABASE.execute(
                """
                insert into facestream.training_command (id, command)
                    values ('00000000-0000-0000-0000-000000000007', '{"people": ["Ada"]}');
                insert into facestream.training_person (command_id, name_hmac)
                    values ('00000000-0000-0000-0000-000000000007', facestream.trail_name('Ada'));
                update facestream.model_version set training_command = '00000000-0000-0000-0000-000000000007'
                    where version = 'first-1';
                update facestream.model_version set parent = 'first-1' where version = 'second-1'""");

        assertThat(erase().receipt().trainedVersions())
                .containsExactly(new TrainedVersion("first-1", "active"), new TrainedVersion("second-1", "retired"));
    }

    @Test
    void itIsOverdueADayAfterTheLastTopicShouldHaveDeletedThePerson() throws Exception {
        ReceiptStore store = new ReceiptStore(DATABASE.as("facestream_curation"));
        erase();
        assertThat(store.unverified()).as("gone since 1970").isEqualTo(new ReceiptStore.Unverified(1, 1));

        DATABASE.execute("update facestream.erasure_receipt set topics = jsonb_set(topics, '{0,goneBy}',"
                + " to_jsonb(now() - interval '23 hours'))");

        assertThat(store.unverified()).isEqualTo(new ReceiptStore.Unverified(1, 0));
    }

    @Test
    void theReceiptSaysWhatItDoesNotCover() throws Exception {
        assertThat(erase().receipt().notCovered())
                .isEqualTo(Receipt.NOT_COVERED)
                .contains("backups", "wal-archives");
    }

    @Test
    void itIsVerifiedOnceTablesAreVacuumedAndTopicsHaveDeletedTheirRecords() throws Exception {
        GalleryEvent erased = erase();
        gallery.verification().look();
        assertThat(waitingFor()).isEqualTo("vacuum, labelled-faces");
        letAMinutePass();
        gallery.verification().look();
        assertThat(waitingFor()).startsWith("vacuum of ").contains("face_embedding_", "labelled-faces");

        vacuum();
        gallery.verification().look();
        assertThat(waitingFor()).isEqualTo("labelled-faces");
        assertThat(gallery.verified()).isEmpty();

        gallery.deleteFromTopics();
        gallery.verification().look();

        assertThat(gallery.verified()).singleElement().satisfies(event -> {
            assertThat(event.commandId()).isEqualTo(erased.commandId());
            assertThat(event.state()).isEqualTo(State.VERIFIED);
            assertThat(event.receipt().verifiedAt()).isNotNull();
            assertThat(event.topics()).extracting("topic").containsExactly("labelled-faces");
        });
        assertThat(DATABASE.query("select verified_at is not null, waiting_for from facestream.erasures"))
                .containsExactly("t null");
        assertThat(gallery.verification().look()).as("it has ended").isFalse();
    }

    @Test
    void aVacuumThatCouldNotRemoveTheRowsForAnOlderTransactionDoesNotCount() throws Exception {
        gallery.deleteFromTopics();
        try (Connection older = DATABASE.dataSource().getConnection()) {
            older.setAutoCommit(false);
            older.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            TestGallery.query(older, "select count(*) from facestream.face_sample");
            erase();
            letAMinutePass();
            vacuum();

            gallery.verification().look();

            assertThat(waitingFor()).isEqualTo("transactions");
        }
        await().untilAsserted(() -> {
            gallery.verification().look();
            assertThat(waitingFor()).startsWith("vacuum of ");
        });
        vacuum();
        gallery.verification().look();
        assertThat(gallery.verified()).hasSize(1);
    }

    @Test
    void autovacuumIsMadeDueAndLeftAsItWasAfterwards() throws Exception {
        String options = "select relname, reloptions from pg_class where relnamespace = 'facestream'::regnamespace"
                + " and reloptions::text ~ 'vacuum' order by relname";
        DATABASE.execute("alter table facestream.face_sample set (autovacuum_vacuum_threshold = 9)");
        gallery.deleteFromTopics();
        erase();
        letAMinutePass();
        gallery.verification().look();
        assertThat(DATABASE.query(options))
                .contains(
                        "face_sample {autovacuum_vacuum_threshold=9}",
                        "identity {autovacuum_vacuum_threshold=0,"
                                + "autovacuum_vacuum_scale_factor=0,vacuum_index_cleanup=on,"
                                + "autovacuum_analyze_threshold=0,autovacuum_analyze_scale_factor=0}");

        vacuum();
        gallery.verification().look();

        assertThat(DATABASE.query(options)).containsExactly("face_sample {autovacuum_vacuum_threshold=9}");
    }

    @Test
    void rowsThatAreLeftHoldItUp() throws Exception {
        GalleryEvent erased = erase();
        DATABASE.execute("insert into facestream.identity (kind, name, created_at)"
                + " values ('person', 'Ada', now() - interval '1 day')");
        gallery.verification().look();

        assertThat(waitingFor()).startsWith("rows of identity, ");
        assertThat(erased.receipt().verifiedAt()).isNull();
    }

    @Test
    void anErasureInSqlIsVerifiedToo() throws Exception {
        gallery.topics(List.of(HeldTopic.unknown("enrolments")));
        DATABASE.execute("select facestream.erase_person('Ada Lovelace')");

        gallery.verification().look();

        assertThat(waitingFor()).isEqualTo("vacuum, enrolments");
    }

    @Test
    void oneReplicaAtATimeLooksAtAnErasureAndAnotherGoesOnLater() throws Exception {
        erase();
        ReceiptStore other = new ReceiptStore(DATABASE.as("facestream_curation"));

        assertThat(other.claim(Duration.ofHours(1))).isPresent();
        assertThat(other.claim(Duration.ofHours(1))).isEmpty();
        assertThat(other.claim(Duration.ZERO)).isPresent();
    }

    @Test
    void aVerifiedErasureWhoseEventWasNotPublishedIsAnnouncedByWhoeverComesNext() throws Exception {
        UUID id = UUID.fromString(erase().commandId());
        new ReceiptStore(DATABASE.as("facestream_curation")).looked(id, List.of(), null);

        gallery.verification().look();

        assertThat(gallery.verified()).hasSize(1);
    }

    @Test
    void anErasureWhoseWorkerDiedInItsMidstIsDoneOnceByTheNextAndHasOneReceipt() throws Exception {
        Erase erase = new Erase(UUID.randomUUID(), "Ada Lovelace", null, null);
        gallery.store().store(erase, null);
        DataSource asRole = DATABASE.as("facestream_curation");
        assertThat(new CommandStore(asRole, "dying", Duration.ofMillis(1)).claim())
                .isPresent();
        assertThatThrownBy(() -> Sql.inTransaction(asRole, sql -> {
                    new GalleryChanges(sql, List.of(), Optional.empty()).make(erase);
                    throw new SQLException("killed");
                }))
                .hasMessage("killed");

        await().untilAsserted(() -> assertThat(gallery.worker().work()).isTrue());

        assertThat(gallery.answer(erase.commandId()).state()).isEqualTo(State.DONE);
        assertThat(DATABASE.query("select count(*) from facestream.erasures")).containsExactly("1");
    }
}
