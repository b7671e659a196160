package io.facestream.curation;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.curation.message.GalleryCommand.KeepStranger;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.State;
import io.facestream.curation.message.StrangerShot;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.faces.TestChips;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.TestGallery;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Strangers of chips on a real topic, embedded by the shipped network. */
class StrangerKeepingTest {
    private static final TestGallery GALLERY = TestGallery.of(StrangerKeepingTest.class);
    private static final byte[] GRACE = TestChips.of(TestPictures.sample("people/Grace_Hopper/us-navy.jpg"));

    @TempDir
    Path folder;

    private ChipsOnKafka kafka;
    private CommandStore store;

    @BeforeEach
    void start() throws Exception {
        GALLERY.renew();
        kafka = new ChipsOnKafka(folder, GALLERY);
        store = new CommandStore(GALLERY.as("facestream_curation"), "worker", Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    private static StrangersConfig config(String keep) {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(StrangersConfig.class)
                .withDefaultValue("facestream.strangers.keep", keep)
                .build()
                .getConfigMapping(StrangersConfig.class);
    }

    private CurationWorker worker(String keep) throws Exception {
        return new CurationWorker(
                GALLERY.as("facestream_curation"),
                store,
                new CommandFaces(GALLERY.as("facestream_curation"), kafka.chips(), null),
                (command, answer) -> {},
                CuratedGallery.withoutTopics(GALLERY.as("facestream_curation")),
                CuratedGallery.CONFIG,
                Duration.ofDays(90),
                CuratedGallery.METRICS,
                new StrangerKeeping(kafka.chips(), config(keep)));
    }

    private GalleryEvent ask(CurationWorker worker, KeepStranger command) throws Exception {
        store.store(command, "a test");
        worker.work();
        String json = GALLERY.query(
                        "select answer from facestream.gallery_command where id = '" + command.commandId() + "'")
                .get(0);
        return Json.read(json.getBytes(StandardCharsets.UTF_8), GalleryEvent.class);
    }

    private KeepStranger visit(String id, long offset) {
        return new KeepStranger(
                UUID.randomUUID(),
                "/cameras/lobby",
                id,
                null,
                List.of(new StrangerShot(
                        id,
                        new RecordPointer("detected-faces", 0, offset),
                        new Quality(90, 200, 120, new Pose(0, 0, 0), 70f))));
    }

    /** A visit in the database, as the projection writes it, whose best view is that record. */
    private void stored(String id, UUID person, long offset, int faceSize, int sharpness) throws Exception {
        GALLERY.execute(
                """
                select facestream.make_sighting_days(array[current_date]);
                insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind, identity_id,
                    first_seen, last_seen, first_appended_at, last_appended_at, frames, best)
                values ('/cameras/lobby', '%1$s', current_date, 1, 'left', 'lobby', '%2$s', %3$s,
                    now(), now(), now(), now(), 3, '{"eventId": "%1$s", "quality": {"size": %5$d, "sharpness": %6$d,
                    "brightness": 120, "pose": {"yaw": 0, "pitch": 0, "roll": 0}},
                    "pointers": {"chip": {"topic": "detected-faces", "partition": 0, "offset": %4$d}}}')"""
                        .formatted(
                                id,
                                person == null ? "unknown" : "person",
                                person == null ? "null" : "'" + person + "'",
                                offset,
                                faceSize,
                                sharpness));
    }

    private static KeepStranger byHand(String id) {
        return new KeepStranger(UUID.randomUUID(), "/cameras/lobby", id, null, null);
    }

    private long send(String eventId, byte[] chip) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = kafka.connection().producer(Map.of())) {
            return producer.send(TestChips.record(0, eventId, chip)).get().offset();
        }
    }

    @Test
    void whoComesTwiceIsKeptOnce() throws Exception {
        CurationWorker worker = worker("P30D");

        GalleryEvent first = ask(worker, visit("f-1#0", send("f-1#0", GRACE)));
        GalleryEvent second = ask(worker, visit("f-2#0", send("f-2#0", GRACE)));

        assertThat(first.state()).as("%s", first).isEqualTo(State.DONE);
        assertThat(second.person()).isEqualTo(first.person());
        assertThat(GALLERY.query("select id, chips, (extract(epoch from expires_at - now()) / 86400)::int"
                        + " from facestream.strangers"))
                .containsExactly(first.person() + " 1 30");
        assertThat(GALLERY.query("select count(*) from facestream.stranger_visit"))
                .containsExactly("2");
        assertThat(GALLERY.query("select action, detail ->> 'stranger', command_id is not null"
                        + " from facestream.audit_trail where action = 'keep-stranger' limit 1"))
                .containsExactly("keep-stranger " + first.person() + " t");
    }

    /** A visit that goes on was told to be a stranger's who has left the gallery since. */
    @ParameterizedTest
    @CsvSource({
        "'erase_by_command(''%s'', false, false)', erased",
        "discard_strangers(array['%s'::uuid]), no-such-stranger"
    })
    void whoeverLeftTheGalleryIsNotKeptAgainByAVisitThatIsStillOpen(String leave, String reason) throws Exception {
        CurationWorker worker = worker("P30D");
        long chip = send("f-1#0", GRACE);
        GalleryEvent kept = ask(worker, visit("f-1#0", chip));
        GALLERY.execute("select facestream." + leave.formatted(kept.person()));

        GalleryEvent again = ask(
                worker,
                new KeepStranger(
                        UUID.randomUUID(),
                        "/cameras/lobby",
                        "f-1#0",
                        kept.person(),
                        visit("f-1#0", chip).shots()));

        assertThat(again.reason()).isEqualTo(reason);
        assertThat(GALLERY.query("select (select count(*) from facestream.identity),"
                        + " (select count(*) from facestream.stranger_chip)"))
                .containsExactly("0 0");
    }

    @Test
    void aFaceThatIsGoneIsNobodys() throws Exception {
        GalleryEvent answer = ask(worker("P30D"), visit("f-1#0", 7));

        assertThat(answer.state()).isEqualTo(State.REJECTED);
        assertThat(answer.reason()).isEqualTo("shot-gone");
    }

    @Test
    void nobodyIsKeptWhereItIsSwitchedOff() throws Exception {
        GalleryEvent answer = ask(worker("none"), visit("f-1#0", send("f-1#0", GRACE)));

        assertThat(answer.reason()).isEqualTo("not-kept");
        assertThat(GALLERY.query("select count(*) from facestream.identity")).containsExactly("0");
    }

    @Test
    void vectorsThatALiveVersionLacksAreAddedAndWhoseTimeIsUpGoes() throws Exception {
        CurationWorker worker = worker("P30D");
        ask(worker, visit("f-1#0", send("f-1#0", GRACE)));
        GALLERY.execute("delete from facestream.stranger_embedding");
        GALLERY.execute("delete from facestream.stranger_template");
        StrangerKeeping keeping = new StrangerKeeping(kafka.chips(), config("P30D"));

        keeping.upkeep(GALLERY.as("facestream_curation"));
        assertThat(GALLERY.query("select chips from facestream.stranger_template"))
                .containsExactly("1");

        GALLERY.execute("update facestream.stranger set expires_at = now() - interval '1 s'");
        keeping.upkeep(GALLERY.as("facestream_curation"));
        assertThat(GALLERY.query("select count(*) from facestream.identity")).containsExactly("0");
    }

    @Test
    void byHandTheBestViewOfAVisitIsKept() throws Exception {
        CurationWorker worker = worker("P30D");
        stored("f-1#0", null, send("f-1#0", GRACE), 120, 300);

        GalleryEvent kept = ask(worker, byHand("f-1#0"));
        GalleryEvent again = ask(worker, visit("f-2#0", send("f-2#0", GRACE)));

        assertThat(kept.state()).as("%s", kept).isEqualTo(State.DONE);
        assertThat(again.person()).as("found by that view").isEqualTo(kept.person());
        assertThat(GALLERY.query("select kind, identity_id from facestream.sighting"))
                .containsExactly("stranger " + kept.person());
        assertThat(GALLERY.query("select source from facestream.stranger_chips"))
                .containsExactly("detected-faces-0@0");
    }

    @Test
    void byHandNobodyIsKeptByAPoorViewOrAVisitThatIsNamedOrNotThere() throws Exception {
        CurationWorker worker = worker("P30D");
        UUID bob = UUID.randomUUID();
        GALLERY.execute("insert into facestream.identity (id, kind, name) values ('" + bob + "', 'person', 'Bob')");
        stored("small", null, send("small", GRACE), 39, 300);
        stored("blurred", null, send("blurred", GRACE), 120, 19);
        stored("gone", null, 1_000_000, 120, 300);
        stored("named", bob, send("named", GRACE), 120, 300);

        assertThat(ask(worker, byHand("small")).reason()).isEqualTo("too-poor");
        assertThat(ask(worker, byHand("blurred")).reason()).isEqualTo("too-poor");
        assertThat(ask(worker, byHand("gone")).reason()).isEqualTo("shot-gone");
        assertThat(ask(worker, byHand("named")).reason()).isEqualTo("known");
        assertThat(ask(worker, byHand("nowhere")).reason()).isEqualTo("no-such-sighting");
        assertThat(GALLERY.query("select count(*) from facestream.stranger")).containsExactly("0");
    }
}
