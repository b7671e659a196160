package io.facestream.web.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.faces.Box;
import io.facestream.faces.FrameMark;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.faces.StageMillis;
import io.facestream.frames.CameraFrame;
import io.facestream.frames.FrameInfo;
import io.facestream.frames.FrameTopic;
import io.facestream.identities.Identification;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Topic;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** A camera's frames, and what the stages say about them. */
public final class LiveRecords {
    private final KafkaProducer<byte[], byte[]> producer;

    public LiveRecords(KafkaProducer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** Publishes a frame, and says where and when the broker put it. */
    public FrameInfo film(String camera, byte[] picture) throws InterruptedException, ExecutionException {
        String id = UUID.randomUUID().toString();
        RecordMetadata place = producer.send(FrameTopic.record(camera, id, Instant.now(), picture, false))
                .get();
        return info(camera, place.partition(), place.offset(), Instant.ofEpochMilli(place.timestamp()));
    }

    /** Publishes the events of a frame that shows those people; null stands for somebody unknown. */
    public void recognise(FrameInfo frame, String... names) throws InterruptedException, ExecutionException {
        for (int i = 0; i < names.length; i++) {
            producer.send(record(frame, "face" + i, IdentityEvent.TYPE, event(frame, i, names[i])));
        }
        producer.send(record(frame, "mark", FrameMark.TYPE, new FrameMark(frame, names.length, 0)))
                .get();
    }

    /** Publishes the event of a face that was judged so. */
    public void recognise(String camera, Instant at, IdentityEvent.Judgement judgement) {
        recognise(camera, at, judgement, 1);
    }

    /** Publishes it so many times. */
    public void recognise(String camera, Instant at, IdentityEvent.Judgement judgement, int times) {
        FrameInfo frame = info(camera, 0, at.toEpochMilli(), at);
        ProducerRecord<byte[], byte[]> event = record(frame, "face0", IdentityEvent.TYPE, event(frame, 0, judgement));
        for (int i = 0; i < times; i++) {
            producer.send(event);
        }
        producer.flush();
    }

    private static ProducerRecord<byte[], byte[]> record(FrameInfo frame, String id, String type, Object value) {
        return CloudEventRecords.write(
                Topic.IDENTITY_EVENTS,
                frame.pointer().partition(),
                frame.camera().getBytes(UTF_8),
                CloudEventBuilder.v1()
                        .withId(frame.id() + "#" + id)
                        .withSource(URI.create(frame.source()))
                        .withType(type)
                        .withSubject(frame.camera())
                        .withTime(frame.capturedAt().atOffset(ZoneOffset.UTC))
                        .withData("application/json", Json.write(value))
                        .build());
    }

    static FrameInfo info(String camera, int partition, long offset, Instant appendedAt) {
        RecordPointer place = new RecordPointer("camera-frames", partition, offset);
        return new FrameInfo(
                place.toString(),
                CameraFrame.cameraSource(camera).toString(),
                camera,
                appendedAt,
                appendedAt,
                640,
                480,
                place,
                null);
    }

    static CameraFrame frame(FrameInfo info, byte[] picture) {
        return new CameraFrame(
                info.camera(),
                info.id(),
                URI.create(info.source()),
                info.capturedAt(),
                info.appendedAt(),
                info.pointer(),
                picture,
                false);
    }

    static IdentityEvent event(FrameInfo frame, int index, String name) {
        boolean isKnown = name != null;
        return event(
                frame,
                index,
                new IdentityEvent.Judgement(
                        isKnown ? Identification.Decision.KNOWN : Identification.Decision.UNKNOWN,
                        null,
                        isKnown ? UUID.nameUUIDFromBytes(name.getBytes(UTF_8)) : null,
                        name,
                        null,
                        isKnown ? 0.6f : 1.2f,
                        null,
                        null,
                        0.93f,
                        0.05f,
                        List.of()));
    }

    /** Faces lie from left to right. */
    private static IdentityEvent event(FrameInfo frame, int index, IdentityEvent.Judgement judgement) {
        Point eye = new Point(100, 100);
        RecordPointer place = new RecordPointer("detected-faces", 0, 0);
        return new IdentityEvent(
                1,
                frame.id() + "#" + index,
                new IdentityEvent.Origin(
                        frame.source(),
                        frame.camera(),
                        frame.id(),
                        frame.capturedAt(),
                        new IdentityEvent.Size(frame.width(), frame.height()),
                        null),
                new IdentityEvent.EventFace(
                        index,
                        new Box(64 + 128 * index, 96, 96, 144),
                        new IdentityEvent.BoxRatios(0.1f + 0.2f * index, 0.2f, 0.15f, 0.3f),
                        0.99f,
                        new Landmarks(eye, eye, eye, eye, eye),
                        new Quality(96, 300, 120, new Pose(0, 0, 0), 60f)),
                null,
                judgement,
                "mobilefacenet-1",
                1,
                new IdentityEvent.Pointers(frame.pointer(), place, place),
                new StageMillis(40, 10f, 1f));
    }
}
