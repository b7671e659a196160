package io.facestream.sightings.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.embeddings.EmbeddedFace;
import io.facestream.faces.Box;
import io.facestream.faces.Face;
import io.facestream.faces.FrameMark;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.faces.StageMillis;
import io.facestream.frames.FrameInfo;
import io.facestream.identities.Candidate;
import io.facestream.identities.Identification.Decision;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Topic;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes what embedding and matching would write about the frames of one camera, with made-up people. */
final class FilmedCamera {
    static final Instant START = Instant.parse("2026-05-04T09:30:00Z");

    private static final int DIMENSIONS = 192;

    private final String name;
    private final int partition;
    private final Random random;
    private final AtomicLong offset;
    private Duration brokerAhead = Duration.ofMillis(40);
    private Duration cameraAhead = Duration.ZERO;

    FilmedCamera(String name, int partition) {
        this(name, partition, new AtomicLong());
    }

    /** Another camera on the same partition. */
    FilmedCamera(String name, FilmedCamera other) {
        this(name, other.partition, other.offset);
    }

    private FilmedCamera(String name, int partition, AtomicLong offset) {
        this.name = name;
        this.partition = partition;
        this.offset = offset;
        this.random = new Random(name.hashCode());
    }

    /** Somebody, with a face of their own. */
    static final class Somebody {
        private final String name;
        private final UUID id;
        private final Map<String, float[]> looks = new HashMap<>();
        private boolean enrolled;
        private boolean kept;
        private Somebody takenFor = this;

        Somebody(String name, boolean enrolled) {
            this.name = name;
            this.id = UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
            this.enrolled = enrolled;
        }

        UUID id() {
            return id;
        }

        void enrol() {
            enrolled = true;
        }

        /** From now on matching says that it is somebody else. */
        void takeFor(Somebody other) {
            takenFor = other;
        }

        /** Seen before, and kept. */
        void keep() {
            kept = true;
        }

        float[] look(String version) {
            return looks.computeIfAbsent(version, v -> unit(new Random((name + v).hashCode())));
        }
    }

    /** A face at a place, in pixels of a picture of 1280 x 720. */
    record Shown(Somebody who, float x, float y, float size, float norm, float sharpness) {
        Shown(Somebody who, float x, float y, float size, float norm) {
            this(who, x, y, size, norm, 300);
        }

        static Shown at(Somebody who, float x, float y) {
            return new Shown(who, x, y, 80, 60);
        }
    }

    /** The records of one frame: those of face-embeddings and those of identity-events, each ending with the mark. */
    record Filmed(List<ProducerRecord<byte[], byte[]>> vectors, List<ProducerRecord<byte[], byte[]>> events) {}

    /** From now on the broker's clock says that much more than the time at which a frame is filmed. */
    void setBroker(Duration ahead) {
        brokerAhead = ahead;
    }

    /** From now on the camera's clock says that much more than the time at which a frame is filmed. */
    void setCamera(Duration ahead) {
        cameraAhead = ahead;
    }

    /** Frames at 5 a second from one time to another, in seconds since {@link #START}, the last one excluded. */
    List<Filmed> film(double from, double to, Shown... shown) {
        return IntStream.range(0, (int) Math.round((to - from) * 5))
                .mapToObj(i -> film(Duration.ofMillis(Math.round(from * 1000) + i * 200L), shown))
                .toList();
    }

    /** @param at since {@link #START} */
    Filmed film(Duration at, Shown... shown) {
        return film(at, "first-version", shown);
    }

    Filmed film(Duration at, String version, Shown... shown) {
        return film(at, version, "camera-frames-" + partition + "-" + offset.get(), shown);
    }

    /** @param id of the frame, which the next record on {@code camera-frames} carries */
    Filmed film(Duration at, String version, String id, Shown... shown) {
        Instant taken = START.plus(at);
        FrameInfo frame = new FrameInfo(
                id,
                "/cameras/" + name,
                name,
                taken.plus(cameraAhead),
                taken.plus(brokerAhead),
                1280,
                720,
                new RecordPointer("camera-frames", partition, offset.getAndIncrement()),
                null);
        List<ProducerRecord<byte[], byte[]>> vectors = new ArrayList<>();
        List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
        for (int i = 0; i < shown.length; i++) {
            Face face = face(frame, i, shown[i]);
            float[] vector = near(shown[i].who.look(version));
            EmbeddedFace embedded = new EmbeddedFace(face, pointer("detected-faces"), version, vector);
            vectors.add(record(Topic.FACE_EMBEDDINGS, frame, face.id(), EmbeddedFace.TYPE, embedded));
            IdentityEvent event = event(face, version, shown[i].who.takenFor);
            events.add(record(Topic.IDENTITY_EVENTS, frame, face.id(), IdentityEvent.TYPE, event));
        }
        FrameMark mark = new FrameMark(frame, shown.length, 0);
        vectors.add(record(Topic.FACE_EMBEDDINGS, frame, mark.id(), FrameMark.TYPE, mark));
        events.add(record(Topic.IDENTITY_EVENTS, frame, mark.id(), FrameMark.TYPE, mark));
        return new Filmed(vectors, events);
    }

    private RecordPointer pointer(String topic) {
        return new RecordPointer(topic, partition, offset.get());
    }

    private static Face face(FrameInfo frame, int index, Shown shown) {
        float half = shown.size / 2;
        Point middle = new Point(shown.x, shown.y);
        return new Face(
                frame,
                index,
                new Box(shown.x - half, shown.y - half, shown.size, shown.size),
                new Landmarks(middle, middle, middle, middle, middle),
                0.99f,
                new Quality(shown.size, shown.sharpness, 120, new Pose(0, 0, 0), shown.norm),
                null,
                new StageMillis(40, 10f, null));
    }

    private static IdentityEvent event(Face face, String version, Somebody who) {
        float distance = who.enrolled ? 0.6f : 1.3f;
        UUID nearest = who.enrolled ? who.id : UUID.nameUUIDFromBytes("nobody".getBytes(UTF_8));
        Candidate candidate = new Candidate(nearest, who.enrolled ? who.name : "Nobody", distance, 0.8f);
        return new IdentityEvent(
                1,
                face.id(),
                new IdentityEvent.Origin(
                        face.frame().source(),
                        face.frame().camera(),
                        face.frame().id(),
                        face.frame().capturedAt(),
                        new IdentityEvent.Size(1280, 720),
                        null),
                new IdentityEvent.EventFace(
                        face.index(),
                        face.box(),
                        new IdentityEvent.BoxRatios(0, 0, 0.1f, 0.1f),
                        face.confidence(),
                        face.landmarks(),
                        face.quality()),
                null,
                new IdentityEvent.Judgement(
                        who.enrolled ? Decision.KNOWN : Decision.UNKNOWN,
                        null,
                        who.enrolled ? who.id : null,
                        who.enrolled ? who.name : null,
                        who.kept && !who.enrolled ? who.id : null,
                        distance,
                        who.enrolled ? 0.98f : 0.01f,
                        0.5,
                        0.93f,
                        0.05f,
                        List.of(candidate)),
                version,
                7,
                new IdentityEvent.Pointers(
                        face.frame().pointer(),
                        new RecordPointer(
                                "detected-faces", face.frame().pointer().partition(), 1),
                        new RecordPointer(
                                "face-embeddings", face.frame().pointer().partition(), 1)),
                face.millis());
    }

    private ProducerRecord<byte[], byte[]> record(Topic topic, FrameInfo frame, String id, String type, Object value) {
        return CloudEventRecords.write(
                topic,
                partition,
                name.getBytes(UTF_8),
                CloudEventBuilder.v1()
                        .withId(id)
                        .withSource(URI.create(frame.source()))
                        .withType(type)
                        .withSubject(name)
                        .withTime(frame.capturedAt().atOffset(ZoneOffset.UTC))
                        .withData("application/json", Json.write(value))
                        .build());
    }

    /** Another view of the same face: at a cosine of about 0.75 to the face, and 0.55 to other views. */
    private float[] near(float[] look) {
        float[] noise = unit(random);
        float[] view = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            view[i] = 0.75f * look[i] + 0.66f * noise[i];
        }
        return normalised(view);
    }

    private static float[] unit(Random random) {
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return normalised(vector);
    }

    private static float[] normalised(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += x * x;
        }
        float length = (float) Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= length;
        }
        return vector;
    }
}
