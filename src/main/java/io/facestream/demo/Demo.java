package io.facestream.demo;

import io.facestream.cli.people.Enrolment;
import io.facestream.cli.people.PhotoLine;
import io.facestream.cli.terminal.EventLine;
import io.facestream.cli.terminal.SightingLine;
import io.facestream.cli.topics.RecordPublisher;
import io.facestream.cli.topics.TopicFollower;
import io.facestream.configuration.Settings;
import io.facestream.faces.FrameMark;
import io.facestream.identities.Identification.Decision;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Enrols the sample people, plays the sample camera to the running service, and judges what comes back. */
final class Demo {
    private static final String CAMERA = "demo-entrance";
    private static final Duration POLL = Duration.ofMillis(20);

    /** How long to wait after the last frame: a slow machine may lag behind. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /**
     * Share of the frames with a known person's whole face in which that person must be recognised; in the others the
     * face is turned away, blurred or far.
     */
    private static final double MUST_BE_RECOGNISED = 0.5;

    /** How long to wait until everybody has left: the absence after which a visit ends, and a slow machine's lag. */
    private static final Duration PATIENCE_WITH_VISITS = Duration.ofSeconds(60);

    private final Settings settings = Settings.load();
    private final boolean everyFace;
    private final DemoVisits visits = new DemoVisits(CAMERA, Instant.now());
    private final String run = "demo-" + System.currentTimeMillis();
    private final Map<String, SampleCamera.Shot> shots = new HashMap<>();
    private final Map<String, Integer> shown = new TreeMap<>();
    private final Map<String, Integer> recognised = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private boolean strangerSeen;
    private int marks;
    private int facesExpected;
    private int faces;

    /** @param everyFace whether to print each face too, besides visits */
    Demo(boolean everyFace) {
        this.everyFace = everyFace;
    }

    /** Plays the demo. True if its people were recognised, its stranger was not, and nothing was lost. */
    boolean play() throws RejectedException, InterruptedException {
        enrol();
        try (SampleCamera camera = new SampleCamera();
                TopicFollower events = new TopicFollower(settings, Topic.IDENTITY_EVENTS, TopicFollower.From.NOW);
                TopicFollower sightings = new TopicFollower(settings, Topic.SIGHTINGS, TopicFollower.From.NOW);
                RecordPublisher publisher = new RecordPublisher(settings, Topic.CAMERA_FRAMES)) {
            System.out.println("Playing " + SampleCamera.LENGTH.toSeconds() + " s of camera " + CAMERA);
            Instant started = Instant.now();
            for (SampleCamera.Shot shot : (Iterable<SampleCamera.Shot>) camera.shots()::iterator) {
                Instant due = started.plus(shot.at());
                do {
                    events.poll(POLL).forEach(this::receive);
                    sightings.poll(Duration.ZERO).forEach(this::receive);
                } while (Instant.now().isBefore(due));
                String id = run + "-" + shot.index();
                shots.put(id, shot);
                shot.people().forEach(name -> shown.merge(name, 1, Integer::sum));
                publisher.frame(CAMERA, id, due, shot.jpeg());
            }
            publisher.flush();
            Instant deadline = Instant.now().plus(PATIENCE);
            while (marks < shots.size() && Instant.now().isBefore(deadline)) {
                events.poll(POLL).forEach(this::receive);
                sightings.poll(Duration.ZERO).forEach(this::receive);
            }
            deadline = Instant.now().plus(PATIENCE_WITH_VISITS);
            while (!visits.over() && Instant.now().isBefore(deadline)) {
                sightings.poll(POLL).forEach(this::receive);
            }
        }
        return judge();
    }

    private void enrol() throws RejectedException {
        for (Enrolment.Result result : SamplePeople.enrol(settings)) {
            String name = result.photo().name();
            System.out.println(
                    result.answer() == null
                            ? PhotoLine.rejected(name, result.fault())
                            : PhotoLine.of(result.answer(), name, null));
            if (!result.accepted()) {
                faults.add(name + " was not enrolled");
            }
        }
    }

    private void receive(ConsumerRecord<byte[], byte[]> record) {
        try {
            String type = CloudEventRecords.require(record).getType();
            if (type.equals(FrameMark.TYPE)) {
                FrameMark mark = Json.read(record.value(), FrameMark.class);
                if (shots.containsKey(mark.frame().id())) {
                    marks++;
                    facesExpected += mark.faces();
                }
            } else if (type.equals(Sighting.TYPE)) {
                Sighting sighting = Json.read(record.value(), Sighting.class);
                if (visits.note(sighting)) {
                    System.out.println(SightingLine.of(sighting));
                }
            } else {
                IdentityEvent event = Json.read(record.value(), IdentityEvent.class);
                SampleCamera.Shot shot = shots.get(event.origin().frameId());
                if (shot != null) {
                    faces++;
                    if (everyFace) {
                        System.out.println(EventLine.of(event));
                    }
                    compare(event, shot);
                }
            }
        } catch (RejectedException e) {
            faults.add("unreadable event: " + e.getMessage());
        }
    }

    private void compare(IdentityEvent event, SampleCamera.Shot shot) {
        if (event.judgement().decision() != Decision.KNOWN) {
            strangerSeen |= shot.stranger() && shot.people().isEmpty();
        } else if (shot.people().contains(event.judgement().name())) {
            recognised.merge(event.judgement().name(), 1, Integer::sum);
        } else if (!shot.atTheEdge().contains(event.judgement().name())) {
            faults.add("someone was taken for " + event.judgement().name() + " in frame " + shot.index());
        }
    }

    private boolean judge() {
        if (marks != shots.size()) {
            faults.add(shots.size() - marks + " of " + shots.size() + " frames were lost");
        }
        if (faces != facesExpected) {
            faults.add(faces + " events came for " + facesExpected + " faces");
        }
        shown.forEach((name, frames) -> {
            int times = recognised.getOrDefault(name, 0);
            System.out.println(
                    name + " was recognised in " + times + " of the " + frames + " frames that show the whole face.");
            if (times < MUST_BE_RECOGNISED * frames) {
                faults.add(name + " was recognised too rarely");
            }
        });
        visits.summary().forEach(System.out::println);
        visits.missing(shown.keySet()).forEach(name -> faults.add("no visit is said to be of " + name));
        if (!strangerSeen) {
            faults.add("the stranger was never noticed");
        }
        System.out.println(marks + " of " + shots.size() + " frames arrived, with " + faces + " faces.");
        faults.forEach(fault -> System.out.println("FAULT: " + fault));
        return faults.isEmpty();
    }
}
