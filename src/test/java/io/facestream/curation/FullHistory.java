package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.alerts.Visits;
import io.facestream.alerts.outbox.AlertRules;
import io.facestream.alerts.outbox.AlertStore;
import io.facestream.alerts.outbox.PublishedSettings;
import io.facestream.curation.message.AlertRule;
import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryCommand.Create;
import io.facestream.curation.message.GalleryCommand.EnrolFrom;
import io.facestream.curation.message.GalleryCommand.Ignore;
import io.facestream.curation.message.GalleryCommand.KeepStranger;
import io.facestream.curation.message.GalleryCommand.Merge;
import io.facestream.curation.message.GalleryCommand.Name;
import io.facestream.curation.message.GalleryCommand.NotThisPerson;
import io.facestream.curation.message.GalleryCommand.Rename;
import io.facestream.curation.message.GalleryCommand.Split;
import io.facestream.curation.message.GalleryCommand.Tag;
import io.facestream.curation.message.GalleryCommand.Undo;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.State;
import io.facestream.curation.message.SightingRef;
import io.facestream.curation.message.StrangerShot;
import io.facestream.database.Sql;
import io.facestream.enrolment.EnrolmentConfig;
import io.facestream.enrolment.QualityGate;
import io.facestream.faces.ChipTopic;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.faces.TestChips;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.LiveNetworks;
import io.facestream.gallery.ModelReleases;
import io.facestream.gallery.ReembeddingProgress;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.ReleaseTopic;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.models.Calibration;
import io.facestream.models.ModelCandidate;
import io.facestream.models.ModelMetrics;
import io.facestream.models.ModelRegistry;
import io.facestream.models.TestNetworks;
import io.facestream.networks.ComputeDevice;
import io.facestream.sightings.message.Sighting;
import io.facestream.training.commands.CommandLog;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.FineTuneBuilder;
import io.facestream.training.commands.TrainingCommand;
import io.facestream.training.commands.TrainingProgress;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A person about whom each table has something: photos, visits, strangers and people who turned out to be the person,
 * names, a tag, faces that are not the person's, a rule and its alerts, what it takes to undo, and trainings with a
 * candidate and a standby version. All of it is made by what makes it in service, with the rights of the roles, by the
 * shipped network and on real topics.
 */
final class FullHistory implements AutoCloseable {
    static final String NAME = "Zephyrine Quillfeather";
    static final String FORMER = "Zephyrine Quartermain";
    static final String OF_STRANGER = "Zephyrine Quickstep";

    /** Given by mistake, and taken back. */
    static final String MISTAKEN = "Zephyrine Quatrefoil";

    /** Of a part that was split off by mistake. */
    static final String SPLIT_OFF = "Zephyrine Quintessence";

    static final List<String> NAMES = List.of(NAME, FORMER, OF_STRANGER, MISTAKEN, SPLIT_OFF);

    static final byte[] GRACE = TestChips.of(TestPictures.sample("people/Grace_Hopper/us-navy.jpg"));
    static final byte[] JOHN = TestChips.of(TestPictures.sample("people/John_Ousterhout/tk.jpg"));
    static final byte[] EILEEN = TestChips.of(TestPictures.sample("people/Eileen_Collins/nasa.jpg"));
    static final byte[] AKSEL = TestChips.of(TestPictures.sample("strangers/Aksel_Andersson/print.jpg"));

    /** With this person nothing happens. */
    private static final String OTHER = "Ada Lovelace";

    private static final Quality GOOD = new Quality(120, 300, 120, new Pose(0, 0, 0), 70f);

    private final TestGallery database;
    private final KafkaConnection kafka;
    private final KafkaProducer<byte[], byte[]> producer;
    private final CommandStore store;
    private final FaceChips chips;
    private final CurationWorker worker;

    FullHistory(TestGallery database, KafkaConnection kafka) throws Exception {
        this.database = database;
        this.kafka = kafka;
        producer = kafka.producer(Map.of());
        DataSource role = database.as("facestream_curation");
        store = new CommandStore(role, "worker", Duration.ofMinutes(1));
        chips = new FaceChips(
                () -> new ChipTopic(kafka, "facestream-test"),
                new LiveNetworks(new ModelRegistry(role), ComputeDevice.CPU));
        worker = new CurationWorker(
                role,
                store,
                new CommandFaces(
                        role,
                        chips,
                        new QualityGate(new SmallRyeConfigBuilder()
                                .withMapping(EnrolmentConfig.class)
                                .build()
                                .getConfigMapping(EnrolmentConfig.class))),
                (command, answer) -> send(EventsTopic.record(command.toString(), answer)),
                CuratedGallery.withoutTopics(role),
                CuratedGallery.CONFIG,
                Duration.ofDays(90),
                CuratedGallery.METRICS,
                new StrangerKeeping(chips, CuratedGallery.STRANGERS));
    }

    private static UUID id() {
        return UUID.randomUUID();
    }

    CommandStore store() {
        return store;
    }

    long send(ProducerRecord<byte[], byte[]> record) {
        try {
            return producer.send(record).get().offset();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has a command done that is also on its topic, as is its answer then. */
    GalleryEvent ask(GalleryCommand command) throws Exception {
        send(CommandsTopic.record(command.commandId(), Json.write(command), "a test"));
        store.store(command, "a test");
        while (worker.work()) {}
        worker.announce();
        return CuratedGallery.read(
                database.query("select answer from facestream.gallery_command where id = '" + command.commandId() + "'")
                        .get(0)
                        .getBytes(UTF_8));
    }

    private GalleryEvent done(GalleryCommand command) throws Exception {
        GalleryEvent answer = ask(command);
        assertThat(answer.state()).as("%s", answer).isEqualTo(State.DONE);
        return answer;
    }

    /** A visit that is nobody's, or that person's, with its best shot on the topic. */
    private SightingRef visit(String id, byte[] chip, UUID person) throws Exception {
        long offset = send(TestChips.record(0, id, chip));
        Sql.on(
                database.as("facestream_sightings"),
                sql -> sql.execute(
                        """
                        insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind,
                            identity_id, first_seen, last_seen, first_appended_at, last_appended_at, frames, best)
                        values ('/cameras/lobby', ?, current_date, 1, 'left', 'lobby', ?, ?::uuid, now(), now(), now(),
                            now(), 3, jsonb_build_object('eventId', ?::text, 'quality', ?::jsonb, 'pointers',
                                '{"chip": {"topic": "detected-faces", "partition": 0, "offset": %d}}'::jsonb))"""
                                .formatted(offset),
                        id,
                        person == null ? "unknown" : "person",
                        person,
                        id,
                        new String(Json.write(GOOD), UTF_8)));
        return new SightingRef("/cameras/lobby", id);
    }

    private UUID stranger(String visit, byte[] chip) throws Exception {
        long offset = send(TestChips.record(0, visit, chip));
        StrangerShot shot = new StrangerShot(visit, new RecordPointer("detected-faces", 0, offset), GOOD);
        return done(new KeepStranger(id(), "/cameras/lobby", visit, null, List.of(shot)))
                .person();
    }

    /** A training on these people, and the version that it made, in use for nothing yet; then one that comes of it. */
    private void train(String... people) throws Exception {
        DataSource role = database.as("facestream_training");
        CommandLog log = new CommandLog(role, "a trainer", Duration.ofMinutes(5));
        FineTune command = queueTraining(log, people);
        assertThat(log.claim(List.of(TrainingCommand.FINE_TUNE), false)).isPresent();
        log.trainedOn(command.commandId(), List.of(people));
        ModelReleases releases =
                new ModelReleases(role, ComputeDevice.CPU, new ReleaseTopic(kafka, new TestTopicsConfig(1, true)));
        String trained = releases.publish(
                        candidate("trained", "mobilefacenet-1", command.commandId()), ReembeddingProgress.NONE)
                .version();
        log.finish(command.commandId(), TrainingProgress.of(command, TrainingProgress.State.DONE, "a candidate"));
        String further = releases.publish(candidate("further", trained, null), ReembeddingProgress.NONE)
                .version();
        releases.promote(further, ReembeddingProgress.NONE);
        releases.rollBack(ReembeddingProgress.NONE);
    }

    private FineTune queueTraining(CommandLog log, String... people) throws Exception {
        FineTune command = new FineTuneBuilder(id()).people(List.of(people)).build();
        byte[] json = Json.write(command);
        publish(Topic.TRAINING_COMMANDS, command.commandId().toString(), json);
        log.store(command, json, Map.of());
        return command;
    }

    private static ModelCandidate candidate(String architecture, String parent, UUID training) {
        return new ModelCandidate(
                architecture,
                112,
                true,
                1.1f,
                0.05f,
                Calibration.NONE,
                ModelMetrics.NONE,
                parent,
                training,
                TestNetworks.reversed());
    }

    void publish(Topic topic, String key, byte[] value) {
        send(new ProducerRecord<>(topic.topicName(), key.getBytes(UTF_8), value));
    }

    /** Returns who it is. Names are in use for a while each, in the order of what people do. */
    UUID make(byte[] photo, byte[] shot) throws Exception {
        database.execute("select facestream.make_sighting_days(array[current_date])");
        done(new Create(id(), OTHER, null));
        UUID person = done(new EnrolFrom(id(), List.of(visit("g1", GRACE, null)), null, FORMER))
                .person();
        train(FORMER, OTHER);
        UUID stranger = stranger("j1", JOHN);
        UUID named = stranger("e1", EILEEN);
        done(new Name(id(), named, OF_STRANGER));
        done(new Tag(id(), List.of(OF_STRANGER), "crew"));
        done(new Merge(id(), List.of(OF_STRANGER, stranger.toString()), FORMER));
        done(new Rename(id(), FORMER, NAME));
        Rename mistake = new Rename(id(), NAME, MISTAKEN);
        done(mistake);
        done(new Undo(id(), mistake.commandId()));
        UUID ofJohn = UUID.fromString(database.query("select id from facestream.face_sample where sha256 = sha256('\\x"
                        + HexFormat.of().formatHex(JOHN) + "')")
                .get(0));
        Split split = new Split(id(), List.of(ofJohn), null, SPLIT_OFF);
        done(split);
        done(new Undo(id(), split.commandId()));
        done(new NotThisPerson(id(), NAME, visit("a1", AKSEL, person), null));
        done(new NotThisPerson(id(), OTHER, visit("g2", GRACE, null), null));
        done(new Tag(id(), List.of(NAME), "guest"));
        alert(person);
        done(new Ignore(id(), List.of(NAME)));
        bestShot(visit("g3", GRACE, null), person, shot);
        database.addSample(UUID.randomUUID(), person, photo);
        queueTraining(new CommandLog(database.as("facestream_training"), "nobody", Duration.ofMinutes(5)), NAME, OTHER);
        return person;
    }

    private void alert(UUID person) throws Exception {
        DataSource role = database.as("facestream_alerts");
        new PublishedSettings(role).publish(List.of(), List.of("phone"), Duration.ofDays(7));
        done(new AlertRule(id(), "follow", List.of(NAME), null, null, null, null, List.of("phone"), null));
        new AlertStore(role, new AlertRules(List.of(), Duration.ZERO, Map.of("phone", Duration.ofMinutes(2))))
                .store(List.of(Visits.message("door", "d1", 1, Sighting.Change.APPEARED, person, Instant.now())));
    }

    /** The command name gives the visit to the person; the projection stores its best shot. */
    private void bestShot(SightingRef visit, UUID person, byte[] shot) throws Exception {
        done(new Name(id(), visit, NAME, null));
        Sql.on(
                database.as("facestream_sightings"),
                sql -> sql.execute(
                        "select facestream.keep_shot(?, ?, current_date, ?, ?, now(), ?)",
                        visit.source(),
                        visit.sightingId(),
                        person,
                        visit.sightingId(),
                        shot));
    }

    @Override
    public void close() {
        chips.close();
        producer.close();
    }
}
