package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.curation.message.FaceRef;
import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryCommand.EnrolFrom;
import io.facestream.curation.message.GalleryCommand.Erase;
import io.facestream.curation.message.GalleryCommand.Merge;
import io.facestream.curation.message.GalleryCommand.Name;
import io.facestream.curation.message.GalleryCommand.NotThisPerson;
import io.facestream.curation.message.GalleryCommand.Undo;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.State;
import io.facestream.curation.message.SightingRef;
import io.facestream.database.Sql;
import io.facestream.embedded.EmbeddedKafka;
import io.facestream.enrolment.EnrolmentConfig;
import io.facestream.enrolment.QualityGate;
import io.facestream.faces.ChipTopic;
import io.facestream.faces.TestChips;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.GallerySearch;
import io.facestream.gallery.LiveNetworks;
import io.facestream.gallery.Neighbour;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.models.ModelRegistry;
import io.facestream.networks.ComputeDevice;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands about faces on a real topic, by the shipped network, with the rights of the role. */
class FaceCommandsTest {
    private static final TestGallery DATABASE = TestGallery.of(FaceCommandsTest.class);
    private static final byte[] GRACE = TestChips.of(TestPictures.sample("people/Grace_Hopper/us-navy.jpg"));
    private static final byte[] JOHN = TestChips.of(TestPictures.sample("people/John_Ousterhout/tk.jpg"));

    @TempDir
    static Path folder;

    private static EmbeddedKafka broker;
    private static DataSource asRole;
    private static FaceChips chips;
    private static boolean away;

    private CommandStore store;
    private CurationWorker worker;

    @BeforeAll
    static void start() throws Exception {
        DATABASE.renew();
        broker = EmbeddedKafka.start(folder, 0);
        KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
        TopicAdmin.ensure(connection, new TestTopicsConfig(1, true), List.of(Topic.DETECTED_FACES));
        asRole = DATABASE.as("facestream_curation");
        chips = new FaceChips(
                () -> {
                    if (away) {
                        throw new KafkaException("away");
                    }
                    return new ChipTopic(connection, "facestream-test");
                },
                new LiveNetworks(new ModelRegistry(asRole), ComputeDevice.CPU));
    }

    @AfterAll
    static void stop() {
        chips.close();
        broker.close();
    }

    @BeforeEach
    void begin() throws Exception {
        away = false;
        DATABASE.execute(
                """
                delete from facestream.sighting; delete from facestream.sighting_correction;
                delete from facestream.identity; delete from facestream.gallery_command;
                select facestream.make_sighting_days(array[current_date])""");
        QualityGate gate = new QualityGate(new SmallRyeConfigBuilder()
                .withMapping(EnrolmentConfig.class)
                .build()
                .getConfigMapping(EnrolmentConfig.class));
        store = new CommandStore(asRole, "worker", Duration.ofSeconds(60));
        worker = new CurationWorker(
                asRole,
                store,
                new CommandFaces(asRole, chips, gate),
                (command, answer) -> {},
                CuratedGallery.withoutTopics(asRole),
                CuratedGallery.CONFIG,
                Duration.ofDays(90),
                CuratedGallery.METRICS,
                new StrangerKeeping(null, CuratedGallery.STRANGERS));
    }

    private static UUID id() {
        return UUID.randomUUID();
    }

    private GalleryEvent ask(GalleryCommand command) throws Exception {
        store.store(command, null);
        while (worker.work()) {}
        String json = DATABASE.query(
                        "select answer from facestream.gallery_command where id = '" + command.commandId() + "'")
                .get(0);
        return Json.read(json.getBytes(UTF_8), GalleryEvent.class);
    }

    private GalleryEvent done(GalleryCommand command) throws Exception {
        GalleryEvent answer = ask(command);
        assertThat(answer.state()).as("%s", answer).isEqualTo(State.DONE);
        return answer;
    }

    private void rejected(GalleryCommand command, String reason) throws Exception {
        GalleryEvent answer = ask(command);
        assertThat(answer.state()).as("%s", answer).isEqualTo(State.REJECTED);
        assertThat(answer.reason()).isEqualTo(reason);
    }

    private static long send(String event, byte[] chip) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaConnection.to(broker.bootstrapServers()).producer(Map.of())) {
            return producer.send(TestChips.record(0, event, chip)).get().offset();
        }
    }

    private static SightingRef visit(String id) {
        return new SightingRef("/cameras/lobby", id);
    }

    /** Somebody unknown, whose best shot is that record. */
    private static SightingRef unknown(String id, byte[] chip) throws Exception {
        tell(id, 1, null, send(id, chip), 120);
        return visit(id);
    }

    /** A message about a visit, as the projection writes it. */
    private static void tell(String id, int sequence, UUID person, long offset, int faceSize) throws Exception {
        Sql.on(
                DATABASE.as("facestream_sightings"),
                sql -> sql.execute(
                        """
                        insert into facestream.sighting as s (source, sighting_id, day, sequence, change, camera, kind,
                            identity_id, reason, first_seen, last_seen, first_appended_at, last_appended_at, frames, best)
                        values ('/cameras/lobby', ?, current_date, ?, 'updated', 'lobby', ?, ?::uuid, ?::text,
                            now(), now(), now(), now(), 3, jsonb_build_object('eventId', ?::text, 'quality',
                                '{"size": %d, "sharpness": 300, "brightness": 120,
                                  "pose": {"yaw": 0, "pitch": 0, "roll": 0}}'::jsonb,
                                'pointers', '{"chip": {"topic": "detected-faces", "partition": 0, "offset": %d}}'::jsonb))
                        on conflict (source, sighting_id, day) do update set sequence = excluded.sequence,
                            kind = excluded.kind, identity_id = excluded.identity_id, reason = excluded.reason
                        where s.sequence < excluded.sequence"""
                                .formatted(faceSize, offset),
                        id,
                        sequence,
                        person == null ? "unknown" : "person",
                        person,
                        person == null ? "nobody-near" : null,
                        id));
    }

    private static List<String> visits() throws Exception {
        return DATABASE.query("select sighting_id, kind, coalesce(name, '-'), coalesce(reason, '-')"
                + " from facestream.sighting_log order by 1");
    }

    private static Neighbour nearest(byte[] chip) throws Exception {
        EmbeddedChip embedded = chips.embed(chip).orElseThrow();
        return new GallerySearch(DATABASE.as("facestream_matching"))
                .nearest(
                        embedded.embeddings().active(),
                        List.of(embedded.embeddings().ofActive()),
                        1)
                .neighbours()
                .get(0)
                .get(0);
    }

    private UUID enrolled(String name, byte[] chip) throws Exception {
        SightingRef visit = unknown("of " + name, chip);
        UUID person = done(new EnrolFrom(id(), List.of(visit), null, name)).person();
        DATABASE.execute("delete from facestream.sighting");
        return person;
    }

    @Test
    void theBestShotOfAVisitBecomesAPhotoByWhichThePersonIsFound() throws Exception {
        SightingRef visit = unknown("v1", GRACE);

        GalleryEvent enrolled = done(new EnrolFrom(id(), List.of(visit), null, "Grace"));

        assertThat(enrolled.samples()).isEqualTo(1);
        Neighbour grace = nearest(GRACE);
        assertThat(grace.identityId()).isEqualTo(enrolled.person());
        assertThat(grace.distance()).isLessThan(0.01f);
        assertThat(done(new EnrolFrom(id(), List.of(visit), "Grace", null)).samples())
                .as("the same picture again")
                .isZero();
        done(new GalleryCommand.Create(id(), "Eve", null));
        rejected(new EnrolFrom(id(), List.of(visit), "Eve", null), "already-enrolled");
    }

    @Test
    void aShotThatIsGoneIsRejectedUnlessItIsStored() throws Exception {
        tell("v1", 1, null, 1_000_000, 120);
        rejected(new EnrolFrom(id(), List.of(visit("v1")), null, "Grace"), "shot-gone");
        rejected(new EnrolFrom(id(), List.of(visit("none")), null, "Grace"), "no-such-sighting");

        Sql.on(
                DATABASE.dataSource(),
                sql -> sql.execute(
                        "insert into facestream.sighting_shot (source, sighting_id, day, event_id, appended_at, chip)"
                                + " values ('/cameras/lobby', 'v1', current_date, 'v1', now(), ?)",
                        (Object) GRACE));
        assertThat(done(new EnrolFrom(id(), List.of(visit("v1")), null, "Grace"))
                        .samples())
                .isEqualTo(1);
    }

    @Test
    void aShotThatIsTooPoorForATemplateIsRejectedWithEnrolmentsReason() throws Exception {
        tell("v1", 1, null, send("v1", GRACE), 12);

        rejected(new EnrolFrom(id(), List.of(visit("v1")), null, "Grace"), "too-small");
        assertThat(DATABASE.query("select name from facestream.identity")).isEmpty();
    }

    @Test
    void aVisitThatIsNotThePersonsIsNobodysWhateverItsLaterMessagesSayUntilThatIsUndone() throws Exception {
        UUID grace = enrolled("Grace", GRACE);
        long johns = send("v1", JOHN);
        tell("v1", 1, grace, johns, 120);
        UUID command = id();

        assertThat(done(new NotThisPerson(command, "Grace", visit("v1"), null)).person())
                .isEqualTo(grace);
        assertThat(visits()).containsExactly("v1 unknown - not-this-person");
        tell("v1", 2, grace, johns, 120);
        assertThat(visits()).containsExactly("v1 unknown - not-this-person");
        assertThat(nearest(JOHN).ruledOut()).isTrue();
        assertThat(nearest(GRACE).ruledOut()).isFalse();

        done(new Undo(id(), command));
        assertThat(visits()).containsExactly("v1 person Grace -");
        assertThat(nearest(JOHN).ruledOut()).isFalse();
        rejected(new Undo(id(), command), "already-undone");
    }

    @Test
    void aVisitStaysNobodysWhenThePersonIsMergedAndIsSomebodyElsesWhenMessagesSaySo() throws Exception {
        UUID grace = enrolled("Grace", GRACE);
        UUID eve = done(new GalleryCommand.Create(id(), "Eve", null)).person();
        UUID other = done(new GalleryCommand.Create(id(), "G. Hopper", null)).person();
        long johns = send("v1", JOHN);
        tell("v1", 1, grace, johns, 120);
        done(new NotThisPerson(id(), "Grace", visit("v1"), null));

        done(new Merge(id(), List.of("Grace"), "G. Hopper"));
        tell("v1", 2, other, johns, 120);
        assertThat(visits()).containsExactly("v1 unknown - not-this-person");

        tell("v1", 3, eve, johns, 120);
        assertThat(visits()).containsExactly("v1 person Eve -");
    }

    @Test
    void theFaceOfAnEventIsDeniedByItsPointerOnceHoweverOftenThatIsSaid() throws Exception {
        enrolled("Grace", GRACE);
        RecordPointer place = new RecordPointer("detected-faces", 0, send("e#0", JOHN));
        FaceRef face = new FaceRef("/cameras/lobby", "e#0", place);
        NotThisPerson deny = new NotThisPerson(id(), "Grace", null, face);

        GalleryEvent answer = done(deny);

        assertThat(ask(deny)).as("the same command").isEqualTo(answer);
        done(new NotThisPerson(id(), "Grace", null, face));
        assertThat(DATABASE.query("select event_id from facestream.negative")).containsExactly("e#0");
        assertThat(nearest(JOHN).ruledOut()).isTrue();
        FaceRef another = new FaceRef("/cameras/lobby", "another#0", place);
        rejected(new NotThisPerson(id(), "Grace", null, another), "shot-gone");
        rejected(new NotThisPerson(id(), "Nobody", null, face), "no-such-person");
    }

    @Test
    void anUnknownVisitGetsAPersonAndKeepsItWhateverItsLaterMessagesSay() throws Exception {
        SightingRef first = unknown("v1", JOHN);
        SightingRef second = unknown("v2", JOHN);
        UUID grace = enrolledBefore("Grace");

        GalleryEvent named = done(new Name(id(), first, null, "John"));
        done(new Name(id(), second, "John", null));
        tell("v1", 2, null, 0, 120);
        tell("v2", 2, grace, 0, 120);

        assertThat(visits()).containsExactly("v1 person John -", "v2 person John -");
        assertThat(done(new Name(id(), first, "John", null)).person()).isEqualTo(named.person());
        rejected(new Name(id(), first, "Grace", null), "already-named");
        rejected(new Name(id(), visit("none"), "Grace", null), "no-such-sighting");
        rejected(new Name(id(), second, null, "Grace"), "name-taken");
    }

    private UUID enrolledBefore(String name) throws Exception {
        return done(new GalleryCommand.Create(id(), name, null)).person();
    }

    @Test
    void whatWasSaidOfAVisitLastHolds() throws Exception {
        SightingRef visit = unknown("v1", JOHN);
        done(new Name(id(), visit, null, "Grace"));

        done(new NotThisPerson(id(), "Grace", visit, null));
        tell("v1", 2, null, 0, 120);
        assertThat(visits()).containsExactly("v1 unknown - nobody-near");

        done(new Name(id(), visit, "Grace", null));
        assertThat(visits()).containsExactly("v1 person Grace -");
    }

    @Test
    void whoIsErasedIsNamedByNoVisitAndNamesNone() throws Exception {
        SightingRef visit = unknown("v1", GRACE);
        UUID grace = done(new EnrolFrom(id(), List.of(visit), null, "Grace")).person();
        done(new Name(id(), visit, "Grace", null));

        done(new Erase(id(), "Grace", null, null));
        tell("v1", 2, null, 0, 120);

        assertThat(visits()).containsExactly("v1 unknown - nobody-near");
        assertThat(DATABASE.query("select * from facestream.sighting_correction"))
                .isEmpty();
        rejected(new Name(id(), visit, grace.toString(), null), "erased");
        rejected(new EnrolFrom(id(), List.of(visit), grace.toString(), null), "erased");
        rejected(new EnrolFrom(id(), List.of(visit), null, "Grace"), "erased");
    }

    @Test
    void aCommandThatCannotBeDoneForTenMinutesFailsSoThatTheOthersAreDone() throws Exception {
        SightingRef visit = unknown("v1", GRACE);
        chips.close();
        away = true;
        EnrolFrom enrol = new EnrolFrom(id(), List.of(visit), null, "Grace");
        store.store(enrol, null);
        DATABASE.execute("update facestream.gallery_command set created_at = now() - interval '11 minutes'");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(worker::work).isInstanceOf(KafkaException.class);
        }

        assertThat(ask(enrol).state()).isEqualTo(State.FAILED);
    }

    @Test
    void anOutageOfTheBrokerIsWaitedFor() throws Exception {
        SightingRef visit = unknown("v1", GRACE);
        chips.close();
        away = true;
        EnrolFrom enrol = new EnrolFrom(id(), List.of(visit), null, "Grace");
        store.store(enrol, null);
        for (int i = 0; i < 7; i++) {
            assertThatThrownBy(worker::work).isInstanceOf(KafkaException.class);
        }
        away = false;

        assertThat(done(enrol).samples()).isEqualTo(1);
    }
}
